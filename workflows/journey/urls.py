from django.urls import path

from workflows.journey.completeness_page import CompletenessPage
from workflows.journey.day import day
from workflows.journey.deadlines import DeadlinesPage
from workflows.journey.development_page import DevelopmentPage, DevelopmentPdf
from workflows.journey.flow_page import FlowPage
from workflows.journey.meeting_brief_page import MeetingBriefPage, MeetingBriefPdf
from workflows.journey.moves.views import urlpatterns as moves
from workflows.journey.people_page import PeoplePage
from workflows.journey.people_views import CaseworkerPage, ChildViewPage, ConsentPage
from workflows.journey.views import EnquiryPage, FamilyView, HistoryPage, ReadsPage, families
from workflows.journey.waiting_page import WaitingPage

urlpatterns = [
    path("min-dag/", day, name="day"),
    path("frister/", DeadlinesPage.as_view(), name="deadlines"),
    path("ventetid/", WaitingPage.as_view(), name="waiting"),
    path("fuldstaendighed/", CompletenessPage.as_view(), name="completeness"),
    path("familier/", families, name="families"),
    path("familier/ny/", EnquiryPage.as_view(), name="enquiry"),
    path("familier/<uuid:family>/", FamilyView.as_view(), name="family"),
    path("familier/<uuid:family>/historik/", HistoryPage.as_view(), name="family-history"),
    path("familier/<uuid:family>/udvikling/", DevelopmentPage.as_view(), name="family-development"),
    path("familier/<uuid:family>/udvikling/pdf/", DevelopmentPdf.as_view(), name="family-development-pdf"),
    path("familier/<uuid:family>/opfoelgning/", MeetingBriefPage.as_view(), name="family-meeting-brief"),
    path(
        "familier/<uuid:family>/opfoelgning/pdf/", MeetingBriefPdf.as_view(), name="family-meeting-brief-pdf"
    ),
    path("familier/<uuid:family>/forloeb/<slug:element>/", FlowPage.as_view(), name="family-flow"),
    path("familier/<uuid:family>/personer/", PeoplePage.as_view(), name="family-people"),
    path("familier/<uuid:family>/barnets-perspektiv/", ChildViewPage.as_view(), name="child-view"),
    path("familier/<uuid:family>/samtykke/", ConsentPage.as_view(), name="family-consent"),
    path("familier/<uuid:family>/raadgiver/", CaseworkerPage.as_view(), name="family-caseworker"),
    path("familier/<uuid:family>/hvem-har-set/", ReadsPage.as_view(), name="family-reads"),
    *moves,
]
