"""Models of the Hugging Face hub: from the local cache, and from the network only when asked."""

import logging
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.utils import disable_progress_bars

from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.hub import chosen_files
from tokenflow_studio.engine.model_files import reason

_log = logging.getLogger(__name__)


def cached_folder(name: str) -> Path:
    """The folder of a model in the local hub cache. Raises BadInput if it is not there."""
    try:
        return Path(
            snapshot_download(name, local_files_only=True, allow_patterns=["model_index.json"])
        )
    except LocalEntryNotFoundError as error:
        raise BadInput(f"There is no folder {name}, and no model of that name was downloaded: "
                       "check the name, or ask for the download.") from error  # fmt: skip


def download_folder(name: str, half: bool) -> Path:
    """Fetch a model's known files into the hub cache and return its folder there.

    Only JSON, the tokenizer's texts and safetensors are fetched. half: weights in 16 bits where
    the model offers them. Raises BadInput for a model that is not there or not open, JobFailed
    when the network fails.
    """
    disable_progress_bars()
    try:
        listed = HfApi().model_info(name).siblings or []
        wanted = chosen_files([sibling.rfilename for sibling in listed], half)
        _log.info("downloading %d files of %s", len(wanted), name)
        return Path(snapshot_download(name, allow_patterns=wanted))
    except GatedRepoError as error:
        raise BadInput(f"The model {name} asks for a licence to be accepted on its page first: "
                       "do so and log in with 'hf auth login'.") from error  # fmt: skip
    except RepositoryNotFoundError as error:
        raise BadInput(f"The hub has no model {name}: check the name.") from error
    except OfflineModeIsEnabled as error:
        raise BadInput(f"The model {name} was not downloaded, since HF_HUB_OFFLINE forbids it: "
                       "unset it.") from error  # fmt: skip
    except (HfHubHTTPError, LocalEntryNotFoundError, httpx2.HTTPError, OSError) as error:
        raise JobFailed(f"The model {name} could not be downloaded ({reason(error)}): "
                        "check the network and try again.") from error  # fmt: skip
