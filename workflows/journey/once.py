"""Where the pages of the journey find `submit_once`; the kernel has it, for every room's pages."""

from workflows.kernel.once import opened_token, submit_once

__all__ = ["opened_token", "submit_once"]
