"""A head of one's own on the backbone: two answers from one text, in plain Keras.

    python examples/own_head.py

Topic and politeness are learnt together; the backbone and its preprocessor stay as they are.
"""

import keras

from eelbert_tf import EelbertBackbone, EelbertPreprocessor

TEXTS = ["please turn on the lamp", "lamp on now", "could you play some jazz", "jazz, quick"] * 16
TOPIC = [0, 0, 1, 1] * 16  # lights, music
POLITE = [1, 0, 1, 0] * 16


def main():
    keras.utils.set_random_seed(0)
    backbone = EelbertBackbone.from_preset("eelbert_uno")
    preprocessor = EelbertPreprocessor.from_backbone(backbone, max_words=32)
    # The head: ten lines.
    pooled = keras.layers.GlobalAveragePooling1D()(
        backbone.output, mask=backbone.input["padding_mask"]
    )
    outputs = {
        "topic": keras.layers.Dense(2, activation="softmax", name="topic")(pooled),
        "polite": keras.layers.Dense(1, activation="sigmoid", name="polite")(pooled),
    }
    model = keras.Model(backbone.input, outputs)
    losses = {"topic": "sparse_categorical_crossentropy", "polite": "binary_crossentropy"}
    model.compile("adamw", loss=losses, jit_compile=False)
    labels = {"topic": keras.ops.array(TOPIC), "polite": keras.ops.array(POLITE)}
    model.fit(preprocessor(TEXTS), labels, batch_size=16, epochs=10, verbose=0)
    answers = model.predict(preprocessor(["would you please play some jazz"]), verbose=0)
    print("topic:", ["lights", "music"][int(answers["topic"][0].argmax())])
    print("polite:", float(answers["polite"][0, 0]) > 0.5)


if __name__ == "__main__":
    main()
