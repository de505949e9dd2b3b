"""`eelbert score`."""

import json
import sys

FORMATS = ("text", "jsonl", "csv", "tsv", "parquet", "tfrecord")
OUTPUT_FORMATS = ("jsonl", "parquet", "tfrecord")


def add_parser(commands):
    """Add the command's parser."""
    parser = commands.add_parser(
        "score",
        help="label files of texts, of any size, by Apache Beam",
        description="Label files of texts, of any size, by Apache Beam. Each input file gives one "
        "output file. A run that was stopped goes on: give the same command again. Options that "
        "are not listed here are Beam's: --direct_num_workers=4, --flink_master=HOST:PORT.",
    )
    parser.add_argument(
        "--model",
        required=True,
        metavar="DIR",
        help="what `eelbert train` wrote, or the name of a shipped model",
    )
    parser.add_argument(
        "--input",
        required=True,
        nargs="+",
        metavar="PATTERN",
        help=".txt (a text a line), .jsonl, .csv, .tsv, .parquet or .tfrecord files (also .gz)",
    )
    parser.add_argument(
        "--output", required=True, metavar="PREFIX", help="what all output paths begin with"
    )
    parser.add_argument(
        "--runner",
        default="DirectRunner",
        metavar="NAME",
        help="DirectRunner (this machine), FlinkRunner, SparkRunner, DataflowRunner or another of "
        "Beam's (default: %(default)s)",
    )
    parser.add_argument(
        "--input-format", choices=FORMATS, help="where the files' endings do not tell"
    )
    parser.add_argument(
        "--output-format",
        choices=OUTPUT_FORMATS,
        default="jsonl",
        help="default: %(default)s",
    )
    parser.add_argument("--text-column", metavar="NAME")
    parser.add_argument("--text-pair-column", metavar="NAME")
    parser.add_argument("--id-column", metavar="NAME", help="default: id, else PATH:ROW is the id")
    parser.add_argument(
        "--all-probabilities", action="store_true", help="write those of all labels, in their order"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.set_defaults(pipeline_options=[])


def run(arguments):
    """Score the rows of files."""
    from eelbert_tf.beam.load import import_beam

    import_beam()
    from eelbert_tf.scoring.score import score

    def report(rows, seconds):
        print(f"scored {rows:,} rows, {rows / seconds:,.0f} rows/s", file=sys.stderr, flush=True)

    summary = score(
        arguments.model,
        arguments.input,
        arguments.output,
        runner=arguments.runner,
        pipeline_options=arguments.pipeline_options,
        input_format=arguments.input_format,
        output_format=arguments.output_format,
        text_column=arguments.text_column,
        text_pair_column=arguments.text_pair_column,
        id_column=arguments.id_column,
        all_probabilities=arguments.all_probabilities,
        report=report,
    )
    print(f"{summary.rows:,} rows of {summary.shards:,} files scored in {arguments.output}-*")
    if summary.bad_rows:
        print(f"{summary.bad_rows:,} bad rows are in {arguments.output}.dead_letter-*")
    if arguments.json:
        rows = {"rows": summary.rows, "bad_rows": summary.bad_rows, "files": summary.shards}
        print(json.dumps(rows))
