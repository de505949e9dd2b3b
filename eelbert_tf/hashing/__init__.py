"""The hash: from text to word vectors, without a vocabulary. The standard is `docs/hash.md`.

Read the modules in the order in which data flows:

`specification`  constants, settings (`HashConfig`), seeds, dimensions of each order
`character_table`  class and folded form of every code point (`characters_v1.tsv`)
`reference`  the whole hash in plain Python, for reading and checking
`words`  code points to words, integer tensors
`vectors`  words to n-gram signatures to vectors, tensors
`strings`  strings to word vectors inside a TensorFlow graph, each word and n-gram once
`packing`  word vectors to the encoder's sequence `[CLS] a [SEP] b [SEP]`

`words`, `vectors` and `packing` are written with `keras.ops` and run on every Keras backend, and
under TensorFlow they convert to LiteRT builtins.
"""
