"""What large work costs, on paper: the longest of computing, moving bytes and making input."""

import dataclasses

TEXTS, TOKENS, WORDS = 1e9, 10e9, 30
CORES = 64  # of a CPU server
# NVIDIA A100 80 GB, data sheet: dense bfloat16 FLOP/s and bytes/s.
GPU_FLOPS, GPU_BYTES = 312e12, 2.0e12
COMPUTE_USE, BYTES_USE = 0.2, 0.5  # shares of the peaks that small matrices reach: assumed
HASHING = 0.15  # share of scoring's time on a core: the bound of benchmarks/speed.py
HOST_CORES = 16  # that feed one GPU: assumed
SIXTEEN = 0.8  # speed of sixteen GPUs over sixteen times that of one: assumed


@dataclasses.dataclass(frozen=True)
class Encoder:
    """The shape of UNO, and of its masked LM while pretraining."""

    layers: int = 2
    width: int = 128
    intermediate: int = 128
    heads: int = 2
    places: int = WORDS + 2
    labels: int = 8192
    asked: float = 0.2

    def flops(self):
        """Of one token, forward: two for each weight of a matrix, and attention's products."""
        matrices = 4 * self.width**2 + 2 * self.width * self.intermediate
        return self.layers * (2 * matrices + 4 * self.places * self.width)

    def head_flops(self):
        """Of one token: the softmax over the labels at the places that are asked for."""
        return self.asked * 2 * (self.width**2 + self.width * self.labels)

    def bytes(self, size=2):
        """Of one token, forward: each activation is written once and read once."""
        layer = 10 * self.width + 2 * self.intermediate + 2 * self.heads * self.places
        return 2 * size * (self.layers * layer + self.width)

    def head_bytes(self, size=4):
        return 2 * size * self.asked * self.labels


NAMES = {
    "score": f"score a billion texts of {WORDS} words",
    "pretrain": "pretrain on 10 billion tokens",
}
ASSUMED = [
    "What is assumed:",
    "",
    f"- {CORES} cores score {CORES} times as fast as the one that was measured. In pretraining "
    "they keep the share of their work that two processes keep here; many small workers keep less.",
    f"- A GPU does {GPU_FLOPS / 1e12:.0f} TFLOP/s in bfloat16 and moves {GPU_BYTES / 1e12:.0f} "
    "TB/s (data sheet of an NVIDIA A100 80 GB), of which matrices "
    f"{Encoder.width} wide reach {COMPUTE_USE:.0%} and {BYTES_USE:.0%}. None was measured.",
    "- Backward costs twice forward. Each activation is written once and read once, in 2 bytes; "
    "logits in 4.",
    f"- The softmax over {Encoder.labels:,} labels is at {Encoder.asked:.0%} of the places.",
    f"- {HOST_CORES} cores beside each GPU hash the texts to score, which takes {HASHING:.0%} of "
    "a core's time for the whole.",
    "- Batches of pretraining are made by one thread, and whole by each worker: more workers do "
    "not make them sooner.",
    f"- Sixteen GPUs compute at {SIXTEEN:.0%} of sixteen times one.",
    "- Each figure is the longest of computing, moving bytes and making input; in brackets, which. "
    "Start, storage and network are left out.",
]


def estimate(measured):
    """Hours of each work on each machine, and what bounds them.

    Args:
        measured: dict of `benchmarks/scaling.py`.
    """
    encoder = Encoder()
    places = TEXTS * encoder.places
    # Backward costs twice forward.
    work = {
        "score": (places * encoder.flops(), places * encoder.bytes()),
        "pretrain": (
            3 * TOKENS * (encoder.flops() + encoder.head_flops()),
            3 * TOKENS * (encoder.bytes() + encoder.head_bytes()),
        ),
    }
    core = {
        "score": TEXTS / measured["score_texts_per_core_second"],
        "pretrain": TOKENS / measured["pretrain_tokens_per_core_second"]["1"],
    }
    feeding = {
        "score": core["score"] * HASHING / HOST_CORES,
        "pretrain": TOKENS / measured["batches_tokens_per_core_second"],
    }
    kept = {"score": 1.0, "pretrain": measured["efficiency_of_two"]}
    hours = {}
    for name, (flops, moved) in work.items():
        parts = {
            "computing": flops / (GPU_FLOPS * COMPUTE_USE),
            "moving bytes": moved / (GPU_BYTES * BYTES_USE),
        }
        one = {**parts, "making input": feeding[name]}
        # Texts are hashed by each host; batches of pretraining are made whole by each worker.
        own = feeding[name] / 16 if name == "score" else feeding[name]
        many = {key: value / 16 / SIXTEEN for key, value in parts.items()}
        many["making input"] = own
        hours[name] = {
            "flops": flops,
            "bytes": moved,
            "core": core[name] / 3600,
            "server": core[name] / CORES / kept[name] / 3600,
            "gpu": longest(one),
            "gpus": longest(many),
        }
    return hours


def longest(parts):
    name = max(parts, key=parts.get)
    return {"hours": parts[name] / 3600, "bound": name}


def markdown(results):
    """The tables, with every assumption."""
    cores = results["pretrain_tokens_per_core_second"]
    made = results["made_by"]
    rows = {
        "pretraining, one process, a second of a core": f"{cores['1']:,.0f} tokens",
        "two processes, a second of a core": f"{cores['2']:,.0f} tokens",
        "work of a core that two processes keep": f"{results['efficiency_of_two']:.0%}",
        "batches of pretraining made in a second of a core": (
            f"{results['batches_tokens_per_core_second']:,.0f} tokens"
        ),
        f"raw texts of {WORDS} words scored in a second of a core, batches of 256": (
            f"{results['score_texts_per_core_second']:,.0f} texts"
        ),
    }
    if made["cores"] > 1:
        rows["speed of two processes over one"] = f"{results['speed_of_two']:.2f}"
    lines = [
        f"UNO, one thread a process, on {made['cores']} core(s) with other work beside it (load "
        f"{made['load_average']:.1f}), medians of {made['repeats']} pairs of runs; a token is a "
        "word. On one core the speed of two processes cannot be measured, only how much of its "
        "work is kept.",
        "",
        "| what | measured |",
        "| --- | --- |",
        *(f"| {what} | {figure} |" for what, figure in rows.items()),
        "",
        "On paper:",
        "",
        f"| work | FLOPs | bytes | one core | {CORES} cores | one GPU | sixteen GPUs |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(line(name, results["estimate"][key]) for key, name in NAMES.items()),
        "",
        *ASSUMED,
    ]
    return "\n".join(lines) + "\n"


def line(name, row):
    return (
        f"| {name} | {row['flops']:.1e} | {row['bytes']:.1e} | {row['core']:,.0f} h "
        f"| {row['server']:,.1f} h | {shown(row['gpu'])} | {shown(row['gpus'])} |"
    )


def shown(part):
    return f"{part['hours']:,.1f} h ({part['bound']})"
