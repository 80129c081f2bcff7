"""Numbers that are written for people: with the sign of a currency, per cent, or commas between thousands."""

import pyarrow as pa
import pyarrow.compute as pc

SIGNS = ("R$", "US$", "$", "€", "£", "¥", "%", "EUR", "USD", "BRL", "GBP", "CHF")
_SIGN = r"(R\$|US\$|[$€£¥%]|EUR|USD|BRL|GBP|CHF)"
_SIGNED = rf"^\s*[+(-]?\s*({_SIGN}\s*)?[+-]?\d[\d.,' ]*({_SIGN}\s*)?\)?\s*$"
_THOUSANDS = r"^\s*[+-]?\d{1,3}(,\d{3})*(\.\d+)?\s*$"
FEW = 10
MOST = 0.5


def sign_of(texts: pa.Array) -> str:
    """How some different texts are written where all are numbers with a sign, or with commas; else empty."""
    if len(texts) <= FEW:
        return ""  # these may be categories as they are
    if pc.all(pc.match_substring_regex(texts, _THOUSANDS)).as_py():
        return "a comma between thousands" if _share(pc.match_substring(texts, ",")) else ""
    if not pc.all(pc.match_substring_regex(texts, _SIGNED)).as_py():
        return ""
    if _share(pc.match_substring_regex(texts, _SIGN)) < MOST:
        return ""
    sign = next(sign for sign in SIGNS if pc.any(pc.match_substring(texts, sign)).as_py())
    return f"the sign {sign}"


def _share(mask: pa.Array) -> float:
    return float(pc.mean(mask.cast(pa.float64())).as_py())
