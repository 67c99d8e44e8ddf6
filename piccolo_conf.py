"""The only file that names the database engine. Piccolo's own commands look for it here."""

import os

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine


class Engine(PostgresEngine):
    """PostgreSQL, without the connection that Piccolo opens on import to ask for its version."""

    async def check_version(self) -> None: ...

    async def prep_database(self) -> None: ...


# `app.database` fills in the address once it is known: DATABASE_URL, or the embedded server.
DB = Engine(config={"dsn": os.environ.get("DATABASE_URL", "")})

APP_REGISTRY = AppRegistry(apps=["surveys.piccolo_app"])
