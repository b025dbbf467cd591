"""Training goes on from half-precision pieces that are small enough to travel."""

import torch

from tokenflow_studio.demo.training import weights


def test_pieces_come_back_with_the_progress(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(weights, "PIECE_BYTES", 300_000)
    tensors = {f"layer{n}": torch.randn(200, 300) for n in range(5)}
    weights.save_pieces(tmp_path / "w", {"layer0": torch.zeros(1)}, {"steps": 1})
    weights.save_pieces(tmp_path / "w", tensors, {"steps": 7})
    found, progress = weights.load_pieces(tmp_path / "w")
    assert progress == {"steps": 7}
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[name], tensors[name].half().float()) for name in tensors)
    sizes = [path.stat().st_size for path in (tmp_path / "w").glob("piece-*")]
    assert len(sizes) > 1
    assert max(sizes) <= 300_000
    assert [path.name for path in tmp_path.iterdir()] == ["w"]
