"""What every other room shares: requests, events, errors, frame ranges, folders. No third party
but platformdirs."""
