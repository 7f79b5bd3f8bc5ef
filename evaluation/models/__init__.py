"""Releases: by which agreement, what was asked for, the files that were built, what the municipalities said, who took
them home.

A release carries no municipality. Its rows stand under the signed purpose "evaluation", which only national
evaluators' requests and the jobs they add are given (`placement.access.actor.Actor.purpose`). What a municipality
reads and says of it is a row of that municipality: the report and the seal, never the files.
"""

from __future__ import annotations

from evaluation.models.agreements import Agreement, AgreementPerson, Population
from evaluation.models.approvals import SILENCE, ReleaseApproval, ReportLook
from evaluation.models.base import EvaluationModel
from evaluation.models.releases import Release, ReleaseFile, ReleaseRecord
from evaluation.models.taking import FILE_DOWNLOADS, LINK_DOWNLOADS, ReleaseDownload, ReleaseLink
from evaluation.models.words import ENDED, Answer, Audience, Controller, FollowUp, Kind, LegalBasis, Status

__all__ = [
    "ENDED",
    "FILE_DOWNLOADS",
    "LINK_DOWNLOADS",
    "SILENCE",
    "Agreement",
    "AgreementPerson",
    "Answer",
    "Audience",
    "Controller",
    "EvaluationModel",
    "FollowUp",
    "Kind",
    "LegalBasis",
    "Population",
    "Release",
    "ReleaseApproval",
    "ReleaseDownload",
    "ReleaseFile",
    "ReleaseLink",
    "ReleaseRecord",
    "ReportLook",
    "Status",
]
