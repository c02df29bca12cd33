"""How the screen looks: the colours and the layout. Textual is needed here."""

from __future__ import annotations

from textual.theme import Theme

_GREY, _BLUE = "ansi_bright_black", "ansi_blue"

THEME = Theme(
    name="terminal",
    ansi=True,
    primary=_BLUE,
    secondary="ansi_cyan",
    accent="ansi_magenta",
    warning="ansi_magenta",  # yellow can't be read on white
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "text-muted": _GREY,
        "border": _BLUE,
        "border-blurred": _GREY,
        "block-cursor-foreground": "ansi_bright_white",
        "block-cursor-background": _BLUE,
        "block-cursor-blurred-foreground": _BLUE,
        "block-cursor-blurred-text-style": "bold",
        "footer-key-foreground": _BLUE,
        "scrollbar": _GREY,
        "scrollbar-hover": _BLUE,
        "scrollbar-active": _BLUE,
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "markdown-h1-color": "ansi_default",
        "markdown-h2-color": _BLUE,
        "screen-selection-background": _BLUE,
        "screen-selection-foreground": "ansi_bright_white",
    },
)
"""The terminal's own foreground, background and palette, and of that only what can be read on black and on white.

So it is light in a light terminal and dark in a dark one, and nothing needs to be asked of the terminal.
"""
WIDTHS = [(0, "-narrow"), (90, "-wide")]
HEIGHTS = [(0, "-short"), (30, "-tall")]
"""From how many columns and rows on a class applies."""
CSS = """
#verdict { height: 1; padding: 0 1; background: $panel; text-style: bold; }
#verdict { text-wrap: nowrap; text-overflow: ellipsis; }
#exercises { width: 30; height: 100%; max-height: 100%; }
#instructions { height: 1fr; }
#results { height: 2fr; }
#exercises, #instructions, #results { border: round $border-blurred; padding: 0 1; }
#exercises:focus, #instructions:focus, #results:focus { border: round $border; }
VerticalScroll, OptionList { scrollbar-size-vertical: 1; }
#results > Static { padding-right: 1; }
#instructions MarkdownH1 { margin: 0 0 1 0; }
#changes, #failure, #why { margin-bottom: 1; }
#changes.-empty, #failure.-empty, #why.-empty { display: none; }
.-narrow #exercises { display: none; width: 100%; }
.-narrow .-listing #exercises { display: block; }
.-narrow .-listing #right { display: none; }
.-narrow #checks { text-wrap: nowrap; text-overflow: ellipsis; }
.-short #instructions { display: none; }
.-reading #results { display: none; }
.-short .-reading #instructions { display: block; }
.-short #instructions, .-short #results { border: none; }
OptionList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
"""
