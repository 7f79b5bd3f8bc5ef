"""Landsdele and regions over the 98 municipalities, as Statistics Denmark divides the country."""

from __future__ import annotations

#: Landsdel → its region and the codes of its municipalities.
LANDSDELE: dict[str, tuple[str, tuple[int, ...]]] = {
    "Byen København": ("Region Hovedstaden", (101, 147, 155, 185)),
    "Københavns omegn": (
        "Region Hovedstaden", (151, 153, 157, 159, 161, 163, 165, 167, 169, 173, 175, 183, 187),
    ),
    "Nordsjælland": (
        "Region Hovedstaden", (190, 201, 210, 217, 219, 223, 230, 240, 250, 260, 270),
    ),
    "Bornholm": ("Region Hovedstaden", (400,)),
    "Østsjælland": ("Region Sjælland", (253, 259, 265, 269, 350)),
    "Vest- og Sydsjælland": (
        "Region Sjælland", (306, 316, 320, 326, 329, 330, 336, 340, 360, 370, 376, 390),
    ),
    "Fyn": ("Region Syddanmark", (410, 420, 430, 440, 450, 461, 479, 480, 482, 492)),
    "Sydjylland": (
        "Region Syddanmark", (510, 530, 540, 550, 561, 563, 573, 575, 580, 607, 621, 630),
    ),
    "Østjylland": (
        "Region Midtjylland", (615, 706, 707, 710, 727, 730, 740, 741, 746, 751, 766),
    ),
    "Vestjylland": ("Region Midtjylland", (657, 661, 665, 671, 756, 760, 779, 791)),
    "Nordjylland": (
        "Region Nordjylland", (773, 787, 810, 813, 820, 825, 840, 846, 849, 851, 860),
    ),
}  # fmt: skip

LANDSDEL_OF: dict[int, str] = {code: name for name, (_, codes) in LANDSDELE.items() for code in codes}
REGION_OF: dict[int, str] = {code: region for region, codes in LANDSDELE.values() for code in codes}
