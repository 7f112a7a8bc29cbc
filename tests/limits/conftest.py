"""A Redis of the tests' own, as those of the answer cache have."""

from tests.chat.test_cache import redis_url as redis_url
