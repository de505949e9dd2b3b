"""The tokenizer inside a file for MediaPipe, and what MediaPipe makes of a text with it.

MediaPipe's WordPiece tokenizer would lose where spaces were beside punctuation, and take each word
with a character outside its vocabulary for unknown. Its SentencePiece tokenizer keeps everything,
if its pieces are the 255 bytes that text can hold: a vocabulary of all characters, in 2 kB.
"""

import numpy as np

TOKENIZER_FILE = "bytes.model"
# Byte b has the number b + _OFFSET; what is no byte comes before byte 1, which has the number 3.
_OFFSET = 2
_UNKNOWN, _START, _END = b"<unk>", b"[CLS]", b"[SEP]"
# Of sentencepiece_model.proto.
_NORMAL, _UNKNOWN_TYPE, _CONTROL, _USER_DEFINED = 1, 2, 3, 4
_CHARACTER_MODEL = 4


def tokenizer_model():
    """The tokenizer as a serialized `sentencepiece.ModelProto`.

    ASCII bytes are ordinary pieces. The others are "user defined", which SentencePiece finds
    before it looks for malformed text, so that no byte is ever replaced.

    Returns:
        bytes.
    """
    pieces = [(_UNKNOWN, _UNKNOWN_TYPE), (_START, _CONTROL), (_END, _CONTROL)]
    for byte in range(1, 256):
        pieces.append((bytes([byte]), _NORMAL if byte < 0x80 else _USER_DEFINED))
    fields = [_field(1, _field(1, piece) + _field(3, kind)) for piece, kind in pieces]
    trainer = _field(3, _CHARACTER_MODEL)
    # No space is added, dropped or replaced.
    normalizer = _field(1, b"identity") + _field(3, 0) + _field(4, 0) + _field(5, 0)
    return b"".join([*fields, _field(2, trainer), _field(3, normalizer)])


def token_ids(text, length):
    """The three inputs that MediaPipe makes of a text.

    Like MediaPipe, it lower-cases ASCII, reads up to the first NUL, cuts what is longer, and puts
    a token before and behind.

    Args:
        text: `str` or UTF-8 `bytes`.
        length: int, that of the inputs.

    Returns:
        A dict of `ids`, `mask` and `segment_ids`, int32 NumPy arrays `(1, length)`.

    >>> token_ids("Aé", 6)["ids"]
    array([[  1,  99, 197, 171,   2,   0]], dtype=int32)
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    data = data.partition(b"\0")[0].lower()[: length - 2]
    ids = np.zeros((1, length), "int32")
    ids[0, : len(data) + 2] = [1, *(byte + _OFFSET for byte in data), 2]
    mask = np.zeros_like(ids)
    mask[0, : len(data) + 2] = 1
    return {"ids": ids, "mask": mask, "segment_ids": np.zeros_like(ids)}


def text_bytes(ids):
    """The bytes of a text from its `ids`, zeros behind them; arithmetic for any tensors."""
    # The token behind the text has the number of byte 0, and what follows lies below.
    return ids[:, 1:] - _OFFSET


def _field(number, value):
    """A field of a protocol buffer: bytes, or an integer from 0 on."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(number):
    data = bytearray()
    while number >= 0x80:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*data, number])
