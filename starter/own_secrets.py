"""The secrets that an installation makes for itself on its first start, so that nothing has to be configured."""

from config.codec_readers import READERS_FILE, ensure_readers_file
from config.key_ring import KEYS_FILE, ensure_keys_file
from config.settings import Settings


def ensure_own_secrets(settings: Settings) -> None:
    """Make the key ring and the token of this data directory, where no setting names others; never overwrite one."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.keys is None and settings.keys_file is None and not settings.unencrypted:
        ensure_keys_file(settings.data_dir / KEYS_FILE)
    if settings.codec_readers is None and settings.codec_readers_file is None:
        ensure_readers_file(settings.data_dir / READERS_FILE)
