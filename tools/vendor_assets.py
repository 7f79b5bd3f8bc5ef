"""Copy the parts of the Danish public design system that we serve into static/vendor/dkfds.

A developer's tool; an installation never runs it and needs no Node. Use::

    npm pack dkfds@11.2.0 && mkdir -p node_modules/dkfds
    tar xzf dkfds-11.2.0.tgz -C node_modules/dkfds --strip-components=1
    python3 tools/vendor_assets.py node_modules

What is left out of the style sheet, and why:

* its @font-face rules: they name whole fonts of 60 kB and an .eot first; fonts.css names the split files
  instead, which are copied unmodified because "Plex" is a reserved font name;
* the one-icon helper classes (.icon-plus and so on) and the placeholder logos: we draw icons from a sprite,
  and every url() that stays in the sheet must be a file that we ship;
* the reference to the source map.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

VERSION = "11.2.0"
TARGET = Path(__file__).resolve().parent.parent / "static" / "vendor" / "dkfds"

WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}

# The characters of each split file, read once from the files' own character maps.
RANGES = {
    "Latin1": "U+0000,U+000D,U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2013-2014,"
    "U+2018-201A,U+201C-201E,U+2020-2022,U+2026,U+2030,U+2039-203A,U+2044,U+20AC,U+2122,U+2212,U+FB01-FB02",
    "Latin2": "U+0100-0101,U+0104-0130,U+0132-0151,U+0154-017F,U+018F,U+0192,U+01A0-01A1,U+01AF-01B0,"
    "U+01FA-01FF,U+0218-021B,U+0237,U+0259,U+1E80-1E85,U+1E9E",
    "Latin3": "U+0102-0103,U+01CD-01DC,U+1EA0-1EF9",
    "Pi": "U+2032-2033,U+2070,U+2074-2079,U+2080-2089,U+2190-2199,U+2202,U+2206,U+221A,U+221E,U+2248,"
    "U+2260,U+2264-2265,U+2713",
}

SPRITE_ICONS = (
    "add-document", "arrow-back", "arrow-forward", "calendar-month", "check", "checklist", "chat",
    "chevron-left", "chevron-right", "close", "document", "download", "edit", "error", "flag", "forum",
    "groups", "help", "home", "hourglass", "how-to-reg", "info", "list-check", "lock", "minus", "open-in-new",
    "person", "persons", "plus", "print", "refresh", "reply", "save", "search", "send", "star", "success",
    "summary", "sync", "time", "visibility", "warning",
)  # fmt: skip


def without_rules(css: str, pattern: str) -> str:
    """Remove every rule whose text from selector to closing brace matches `pattern`."""
    return re.sub(pattern, "", css)


def style_sheet(css: str) -> str:
    """The design system's sheet without what the module's docstring lists, with addresses of our folder."""
    css = without_rules(css, r"@font-face\{[^}]*\}")
    css = without_rules(css, r"\.icon-[a-z0-9-]+:not\(a\)\{background-image:url\([^)]*\)\}")
    css = re.sub(r"background-image:url\(\.\./img/logo-[a-z-]*\.png\);?", "", css)
    css = re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css)
    return css.replace("../img/svg-icons/", "icons/").rstrip() + "\n"


def font_sheet() -> str:
    """@font-face rules over the split files; a browser loads only those whose characters a page uses."""
    rules = []
    for name, weight in WEIGHTS.items():
        for part, characters in RANGES.items():
            rules.append(
                "@font-face {\n"
                '  font-family: "IBM Plex Sans";\n'
                f"  font-style: normal;\n  font-weight: {weight};\n  font-display: swap;\n"
                f'  src: url("fonts/IBMPlexSans-{name}-{part}.woff2") format("woff2");\n'
                f"  unicode-range: {characters.replace(',', ', ')};\n"
                "}\n"
            )
    return "".join(rules)


def sprite(source: str) -> str:
    """The sprite with only our icons; an icon that the package no longer has is an error."""
    symbols = dict(re.findall(r'(?s)<symbol id="([a-z0-9-]+)"(.*?</symbol>)', source))
    missing = [name for name in SPRITE_ICONS if name not in symbols]
    if missing:
        raise SystemExit(f"The package has no icon named: {', '.join(missing)}")
    body = "".join(f'<symbol id="{name}"{symbols[name]}\n' for name in SPRITE_ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}</svg>\n'


def manifest(folder: Path) -> dict[str, object]:
    """Bytes and SHA-384 (as in an integrity attribute) of every vendored file but the manifest itself."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "manifest.json":
            content = path.read_bytes()
            digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
            files[path.relative_to(folder).as_posix()] = {"bytes": len(content), "sha384": digest}
    return {"package": "dkfds", "version": VERSION, "files": files}


def vendor(node_modules: Path, target: Path = TARGET) -> None:
    """Write `target` anew from the unpacked package; refuse another version than the one named here."""
    package = node_modules / "dkfds"
    found = json.loads((package / "package.json").read_text("utf-8"))["version"]
    if found != VERSION:
        raise SystemExit(f"dkfds {found} found, {VERSION} wanted. Change VERSION when you mean to move.")
    dist = package / "dist"
    if target.exists():
        shutil.rmtree(target)
    (target / "icons").mkdir(parents=True)
    (target / "fonts").mkdir()

    css = style_sheet((dist / "css" / "dkfds.min.css").read_text("utf-8"))
    (target / "dkfds.css").write_text(css, "utf-8")
    (target / "fonts.css").write_text(font_sheet(), "utf-8")
    for icon in sorted(set(re.findall(r"url\(icons/([a-z0-9-]+\.svg)\)", css))):
        shutil.copyfile(dist / "img" / "svg-icons" / icon, target / "icons" / icon)
    split = dist / "fonts" / "IBMPlexSans" / "split" / "woff2"
    for name in WEIGHTS:
        for part in RANGES:
            font = f"IBMPlexSans-{name}-{part}.woff2"
            shutil.copyfile(split / font, target / "fonts" / font)
    shutil.copyfile(split / "license.txt", target / "fonts" / "OFL-license.txt")
    shutil.copyfile(dist / "LICENSE.md", target / "LICENSE.md")
    all_icons = (dist / "img" / "all-svg-icons.svg").read_text("utf-8")
    (target / "sprite.svg").write_text(sprite(all_icons), "utf-8")

    listing = json.dumps(manifest(target), indent=1, sort_keys=True)
    (target / "manifest.json").write_text(listing + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Use: python3 tools/vendor_assets.py NODE_MODULES")
    vendor(Path(sys.argv[1]))
