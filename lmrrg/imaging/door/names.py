"""File names as they may be shown: what would steer a terminal, turn the line round or break it is written out."""

import unicodedata

# Cc: control codes, among them escape sequences; Cf: direction marks; Cs: bytes that are no UTF-8; Zl, Zp: line breaks
_WRITTEN_OUT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})


def shown(name: str) -> str:
    r"""The name with every such character as its escape: ``a\x1b[2Jb``; bytes that are no UTF-8 as ``\xff``."""
    return "".join(_escaped(one) if unicodedata.category(one) in _WRITTEN_OUT else one for one in name)


def _escaped(one: str) -> str:
    code = ord(one)
    if 0xDC80 <= code <= 0xDCFF:  # how Python keeps a byte of a name that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
