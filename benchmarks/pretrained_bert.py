"""The BERT that the other methods of the field are measured on, pretrained by masked LM on a CPU.

    pip install torch
    python benchmarks/pretrained_bert.py --shards SHARDS --vocabulary vocab.txt --out bert_mini

It learns what `eelbert pretrain --objective masked_lm --row-words 112` asks, from the same batches
by the same schedule; the step itself is computed by PyTorch, whose bfloat16 is faster on a CPU.
Positions begin as sines: by random ones a run of this length learnt no order of words (its loss
stood at 6.3 from step 2,500 to 6,000, and fell within 600 steps of the change, by --sines-at).
Before the first step logits are compared with those of Keras. OUT is the same directory of a
KerasHub `BertMaskedLM`; OUT.run keeps a checkpoint every three minutes, from which a second call
goes on. 50 million WordPieces take some 50 minutes on two cores with bfloat16, if the allocator
keeps its memory:

    export MALLOC_ARENA_MAX=1 MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 \
        MALLOC_TOP_PAD_=268435456 GLIBC_TUNABLES=glibc.malloc.hugetlb=1
"""

import argparse
import datetime
import itertools
import json
import math
import os
import pathlib
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
import torch
from bert_in_torch import HEADS, CrossEntropy, logits, sines

LAYERS, DIM = 4, 256
REPORT_EVERY, CHECKPOINT_SECONDS = 50, 180.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--held-out", type=int, default=2, help="last shards that are never read")
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--pieces", type=float, default=50e6, help="WordPieces to read")
    parser.add_argument("--batch-tokens", type=int, default=4096)
    parser.add_argument(
        "--rows",
        nargs="+",
        default=["0:112"],
        metavar="STEP:WORDS",
        help="words of a row from a step on",
    )
    parser.add_argument(
        "--sines-at",
        type=int,
        default=0,
        metavar="STEP",
        help="when the position table becomes sines; it is trained before and after",
    )
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    run = pathlib.Path(f"{arguments.out}.run")
    run.mkdir(parents=True, exist_ok=True)
    task, phases, steps = prepared(arguments)
    names = [weight.path for weight in task.weights]
    with torch.no_grad():
        weights = {
            name: torch.tensor(value).requires_grad_()
            for name, value in zip(names, task.get_weights())
        }
    difference = compare(task, weights, phases[0][1])
    print(f"logits differ from those of Keras by {difference:.1e} at most", flush=True)
    if difference > 1e-3:
        raise SystemExit("PyTorch computes something else than Keras.")
    facts = train(weights, phases, steps, run / "checkpoint.pt", arguments)
    task.set_weights([weights[name].detach().numpy() for name in names])
    save(task, facts, arguments)


def prepared(arguments):
    """The Keras task from random weights, `(first step, batches)` of phases, and all steps."""
    import keras
    import keras_hub

    from eelbert_tf.pretraining.config import PretrainingConfig
    from eelbert_tf.pretraining.masked_word_pieces import MaskedWordPieces
    from eelbert_tf.pretraining.pretrain import sequence_batches
    from eelbert_tf.pretraining.pretraining_model import Examples
    from eelbert_tf.pretraining.shards import Shards
    from eelbert_tf.pretraining.word_inputs import PieceInputs, row_length
    from eelbert_tf.pretraining.word_piece_table import WordPieceTable

    keras.utils.set_random_seed(arguments.seed)
    tokenizer = keras_hub.models.BertTokenizer(arguments.vocabulary, lowercase=True)
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=tokenizer.vocabulary_size(),
        num_layers=LAYERS,
        num_heads=HEADS,
        hidden_dim=DIM,
        intermediate_dim=4 * DIM,
    )
    preprocessor = keras_hub.models.BertMaskedLMPreprocessor(tokenizer, sequence_length=512)
    task = keras_hub.models.BertMaskedLM(backbone=backbone, preprocessor=preprocessor)
    shards = Shards(arguments.shards)
    indices = list(range(len(shards) - arguments.held_out))
    table, phases = WordPieceTable(tokenizer, shards.words()[0]), []
    for start, words in (map(int, phase.split(":")) for phase in arguments.rows):
        config = PretrainingConfig(
            batch_tokens=arguments.batch_tokens, row_words=words, seed=arguments.seed
        )
        inputs = PieceInputs(table, row_length(backbone, words))
        batches = sequence_batches(shards, config, indices)
        objective = MaskedWordPieces(backbone, table.mask)
        phases.append((start, Examples(batches, inputs, [objective], arguments.seed)))
    some = [part(0, 1)[0] for _, part in itertools.islice(phases[0][1].from_step(0), 20)]
    pieces = np.mean([x["padding_mask"].sum() for x in some])
    return task, phases, math.ceil(1.01 * arguments.pieces / pieces)


def batches_from(phases, step, steps):
    """The batches from a step to the last, each phase its own."""
    ends = [*(start for start, _ in phases[1:]), steps]
    for (_, examples), end in zip(phases, ends):
        if step < end:
            yield from itertools.islice(examples.from_step(step), end - step)
            step = end


def tensors(example):
    """Inputs, which places count, and the labels of these."""
    x, y, weight = example
    kept = torch.from_numpy(weight["masked_pieces"] > 0)
    labels = torch.from_numpy(y["masked_pieces"]).long()[kept]
    return {name: torch.from_numpy(np.asarray(a)).long() for name, a in x.items()}, kept, labels


def compare(task, weights, examples):
    """The largest difference from the logits of Keras, in float32, in the first rows."""
    _, part = next(examples.from_step(0))
    x, y, weight = part(0, 1)
    few = [{name: array[:2] for name, array in arrays.items()} for arrays in (x, y, weight)]
    expected = np.asarray(task(few[0], training=False))[few[2]["masked_pieces"] > 0]
    with torch.no_grad():
        given, kept, _ = tensors(few)
        return float(np.abs(logits(weights, given, kept).numpy() - expected).max())


def train(weights, phases, steps, file, arguments):
    """Train all weights in place; gives the facts of the run."""
    decayed = [w for name, w in weights.items() if not name.endswith(("bias", "gamma", "beta"))]
    others = [w for name, w in weights.items() if name.endswith(("bias", "gamma", "beta"))]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(
        groups, lr=arguments.learning_rate, betas=(0.9, 0.98), eps=1e-7, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, steps))
    step, pieces, words, seconds = 0, 0, 0, 0.0
    if file.exists():
        kept = torch.load(file)
        with torch.no_grad():
            for name, value in kept["weights"].items():
                weights[name].copy_(value)
        optimizer.load_state_dict(kept["optimizer"])
        schedule.load_state_dict(kept["schedule"])
        step, pieces, words, seconds = kept["counts"]
    start, saved = time.monotonic() - seconds, time.monotonic()
    losses = []
    for count, part in batches_from(phases, step, steps):
        if step == arguments.sines_at:
            positions = weights["position_embedding/embeddings"]
            with torch.no_grad():
                positions.copy_(sines(*positions.shape))
            if positions in optimizer.state:
                optimizer.state[positions]["exp_avg"].zero_()
        x, kept, labels = tensors(part(0, 1))
        with torch.autocast("cpu", torch.bfloat16):
            scores = logits(weights, x, kept)
        loss = CrossEntropy.apply(scores, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([w for w in weights.values() if w.grad is not None], 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        step, words, pieces = step + 1, words + count, pieces + int(x["padding_mask"].sum())
        if step % REPORT_EVERY == 0 or step == steps:
            seconds = time.monotonic() - start
            left = seconds / step * (steps - step) / 60
            print(
                f"step {step} of {steps}  loss {np.mean(losses[-REPORT_EVERY:]):.4f}  "
                f"{pieces / seconds:,.0f} pieces/s  {left:.1f} min left",
                flush=True,
            )
        if time.monotonic() - saved > CHECKPOINT_SECONDS or step == steps:
            state = {
                "weights": {name: weight.detach() for name, weight in weights.items()},
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "counts": (step, pieces, words, time.monotonic() - start),
            }
            torch.save(state, file.with_suffix(".new"))
            file.with_suffix(".new").replace(file)
            saved = time.monotonic()
    return {
        "steps": steps,
        "pieces": pieces,
        "words": words,
        "minutes": round((time.monotonic() - start) / 60, 1),
        "loss_of_last_steps": float(np.mean(losses[-200:])),
    }


def rate(step, steps):
    """The factor of the learning rate, as `eelbert pretrain` has it."""
    warm = max(1, steps // 20)
    if step < warm:
        return step / warm
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm) / max(1, steps - warm))))


def save(task, facts, arguments):
    from eelbert_tf.files import replaced
    from eelbert_tf.training.model_directory import versions

    with replaced(arguments.out) as directory:
        directory.mkdir()
        task.save_to_preset(str(directory))
    settings = ("held_out", "pieces", "batch_tokens", "rows", "sines_at", "learning_rate", "seed")
    facts["made_by"] = {
        "script": "benchmarks/pretrained_bert.py",
        "date": datetime.date.today().isoformat(),
        "settings": {name: getattr(arguments, name) for name in settings},
        "environment": {**versions(), "torch": torch.__version__},
        "cores": torch.get_num_threads(),
    }
    file = pathlib.Path(__file__).parent / "results/pretrained_bert.json"
    file.write_text(json.dumps(facts, indent=1) + "\n")
    print(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
