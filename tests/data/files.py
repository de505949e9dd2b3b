"""Small files for the tests, one of each text format."""

FORMATS = {
    "data.tsv": "label\ttext\ngood\ta fine film\nbad\t\n",
    "data.csv": 'label,text\ngood,a fine film\nbad,""\n',
    "data.jsonl": '{"label": "good", "text": "a fine film"}\n{"label": "bad", "text": ""}\n',
    "data.txt": "__label__good a fine film\n__label__bad\n",
}


def write(folder, name, content):
    """Writes text as UTF-8, or bytes as they are."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
