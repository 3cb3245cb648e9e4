"""The API."""

from typing import Annotated

import typer
import uvicorn

from app import create_app
from commands.servers import settings_with_servers
from composition.logs import configure_logs

cli = typer.Typer(add_completion=False)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.")] = 8000,
) -> None:
    """Serve the API. Outside of production an embedded stack stands in for servers that are not set."""
    with settings_with_servers() as settings:
        configure_logs(settings.server.log_level)
        uvicorn.run(
            create_app(settings),
            host=host,
            port=port,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,  # costs a window of memory a socket, and time a message
            ws_max_size=settings.api.max_body_bytes,
            proxy_headers=False,  # the application itself believes the proxies that are trusted
            server_header=False,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=10,
        )
