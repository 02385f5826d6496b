"""What somebody wrote, and whether it says anything."""

import unicodedata

# Letters that Unicode calls printable and that show nothing: fillers of Hangul and Braille
_BLANKS = set("\u115f\u1160\u2800\u3164\uffa0")


def is_visible(char):
    """Tell whether a character shows anything by itself on a screen."""
    return (
        char.isprintable()
        and not char.isspace()
        and char not in _BLANKS
        and not unicodedata.category(char).startswith("M")
    )


def says_something(text):
    """Tell whether a text shows anything at all: a reason that nobody sees is none."""
    return isinstance(text, str) and any(map(is_visible, text))
