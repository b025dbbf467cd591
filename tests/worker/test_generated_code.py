"""The generated code is what the pinned compiler makes of worker.proto; and names follow rules."""

from pathlib import Path

import pytest
from google.protobuf.descriptor import EnumDescriptor

import tokenflow_studio
from tokenflow_studio.worker.v1 import worker_pb2 as pb

ROOT = Path(tokenflow_studio.__file__).parents[1]
FOLDER = ROOT / "tokenflow_studio" / "worker" / "v1"


def test_generated_code_is_in_step(tmp_path: Path) -> None:
    protoc = pytest.importorskip("grpc_tools.protoc")
    outputs = [f"--{kind}_out={tmp_path}" for kind in ("python", "pyi", "grpc_python")]
    source = FOLDER / "worker.proto"
    assert protoc.main(["protoc", f"-I{ROOT}", *outputs, str(source)]) == 0
    for name in ("worker_pb2.py", "worker_pb2.pyi", "worker_pb2_grpc.py"):
        made = tmp_path / FOLDER.relative_to(ROOT) / name
        assert made.read_text() == (FOLDER / name).read_text(), f"generate {name} anew"


def test_enums_begin_with_unspecified_and_carry_their_name() -> None:
    enums: list[EnumDescriptor] = list(pb.DESCRIPTOR.enum_types_by_name.values())
    assert enums
    for enum in enums:
        prefix = "".join(f"_{c}" if c.isupper() else c for c in enum.name).strip("_").upper()
        assert enum.values_by_number[0].name == f"{prefix}_UNSPECIFIED"
        assert all(value.name.startswith(f"{prefix}_") for value in enum.values)


def test_each_call_has_messages_of_its_own() -> None:
    service = pb.DESCRIPTOR.services_by_name["WorkerService"]
    for method in service.methods:
        assert method.input_type.name == f"{method.name}Request"
        assert method.output_type.name == f"{method.name}Response"
