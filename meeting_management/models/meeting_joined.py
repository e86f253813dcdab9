"""Parts of a sentence that are no “a, b and c” (that is `format_list`), joined as the reader's language does it.

Odoo exports no term without a letter: a separator alone would stay half-width in Chinese. So the term is the pair.
"""

from functools import reduce


def clauses(env, parts):
    """:return: these texts with commas between them: “Maple, Hotel Jade”"""
    return _fold(parts, lambda before, after: env._("%(before)s, %(after)s", before=before, after=after))


def sentences(env, parts):
    """:return: these texts with semicolons between them: “taken from 9:00 to 10:00; lacks Projector”"""
    return _fold(parts, lambda before, after: env._("%(before)s; %(after)s", before=before, after=after))


def _fold(parts, pair):
    parts = list(parts)
    return reduce(pair, parts) if parts else ""
