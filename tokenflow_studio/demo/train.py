"""Command line of the demo model's training: one command per part.

python -m tokenflow_studio.demo.train data --work FOLDER
"""

import argparse
import logging
import sys
from pathlib import Path

from . import builtin
from .training import pictures


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
    )
    options.run(options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tokenflow_studio.demo.train", description=__doc__)
    commands = parser.add_subparsers(required=True)
    data = _command(commands, "data", _run_data, "render the training pictures")
    data.add_argument("--count", type=int, default=14_000)
    data.add_argument("--part", type=int, default=0)
    data.add_argument("--parts", type=int, default=1)
    codec = _command(commands, "autoencoder", _run_autoencoder, "train the autoencoder")
    codec.add_argument("--seconds", type=float, default=600.0)
    _command(commands, "latents", _run_latents, "encode the pictures with the frozen encoder")
    diffusion = _command(commands, "diffusion", _run_diffusion, "train one slice of the denoiser")
    diffusion.add_argument("--total-seconds", type=float, default=5400.0)
    diffusion.add_argument("--slice-seconds", type=float, default=600.0)
    diffusion.add_argument("--save-seconds", type=float, default=300.0)
    diffusion.add_argument("--crop-share", type=float, default=0.35, help="of the time; 0 goes on")
    diffusion.add_argument("--rate", type=float, default=8e-4, help="the highest learning rate")
    diffusion.add_argument("--device", default="auto")
    begin = _command(commands, "import", _run_import, "go on from an exported model's weights")
    begin.add_argument("--model", type=Path, required=True, help="such as resources/demo/model")
    export = _command(commands, "export", _run_export, "write the model's folder")
    export.add_argument("--to", type=Path, required=True, help="such as resources/demo/model")
    scorer = _command(commands, "scorer", _run_scorer, "render for the scorer and train it")
    scorer.add_argument("--to", type=Path, required=True, help="such as resources/demo/scorer")
    scorer.add_argument("--count", type=int, default=12_000)
    scorer.add_argument("--seconds", type=float, default=1200.0, help="of the processor")
    scorer.add_argument("--rate", type=float, default=1e-3, help="the highest learning rate")
    scorer.add_argument("--begin", type=Path, help="go on from the scorer in this folder")
    measure = commands.add_parser("measure", help="measure the finished model on held-out renders")
    measure.add_argument("--model", type=Path, required=True)
    measure.add_argument("--scorer", type=Path, help="also measure this scorer")
    measure.set_defaults(run=_run_measure)
    clip = commands.add_parser("clip", help="write the built-in clip and its prompts")
    clip.add_argument("--to", type=Path, required=True, help="folder, such as resources/demo")
    clip.set_defaults(run=lambda options: builtin.write_demo_clip(options.to))
    return parser


def _command(commands, name: str, run, about: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about)
    command.add_argument("--work", type=Path, required=True, help="folder for everything made")
    command.set_defaults(run=run)
    return command


def _run_data(options: argparse.Namespace) -> None:
    folder = options.work / "pictures"
    pictures.render_shards(folder, options.count, options.part, options.parts)


def _run_autoencoder(options: argparse.Namespace) -> None:
    from .training.autoencoder import AutoencoderPlan, train_autoencoder

    train_autoencoder(options.work, AutoencoderPlan(seconds=options.seconds))


def _run_latents(options: argparse.Namespace) -> None:
    from .training.latents import encode_pictures

    encode_pictures(options.work)


def _run_diffusion(options: argparse.Namespace) -> None:
    from .training.diffusion import DiffusionPlan, train_diffusion

    plan = DiffusionPlan(
        total_seconds=options.total_seconds,
        slice_seconds=options.slice_seconds,
        save_seconds=options.save_seconds,
        crop_share=options.crop_share,
        rate=options.rate,
        device=options.device,
    )
    train_diffusion(options.work, plan)


def _run_export(options: argparse.Namespace) -> None:
    from tokenflow_studio.demo.training.export import export_model

    export_model(options.work, options.to)


def _run_import(options: argparse.Namespace) -> None:
    from tokenflow_studio.demo.training.export import import_model

    import_model(options.model, options.work)


def _run_scorer(options: argparse.Namespace) -> None:
    from tokenflow_studio.demo.training.scorer import ScorerPlan, train_scorer

    folder = options.work / "scorer"
    pictures.render_shards(folder, options.count, 0, 1, pictures.SCORER_SEED)
    plan = ScorerPlan(seconds=options.seconds, rate=options.rate)
    train_scorer(options.work, options.to, plan, options.begin)


def _run_measure(options: argparse.Namespace) -> None:
    from .training.measure import measure_reconstruction
    from .training.scorer import held_out_agreement

    logging.info("%s", measure_reconstruction(options.model))
    if options.scorer:
        logging.info("%s", held_out_agreement(options.scorer))


if __name__ == "__main__":
    sys.exit(main())
