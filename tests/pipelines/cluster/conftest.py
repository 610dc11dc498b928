from tests.redis_server import redis

__all__ = ["redis"]
