#!/usr/bin/env python3
"""Familieforløb's one command; `python3 manage.py` alone says what it can do. Needs nothing but Python
3.11.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets words instead of a syntax error
    sys.exit("Familieforløb needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

from launch.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
