"""Every setting, in sections, with its default, bounds and unit."""

from pathlib import Path
from typing import Literal, Self

from pydantic import AnyHttpUrl, SecretStr, model_validator

from settings.identity_providers import IdentityProviders
from settings.providers import Providers
from settings.secret_keys import RotatingKeys
from settings.section import Budget, CommaSeparated, Section, setting


class Server(Section):
    """The process and its place in the network."""

    env: Literal["development", "production", "test"] = setting(
        "development, production or test. In production nothing is generated and GraphiQL is off.",
        "development",
    )
    public_url: AnyHttpUrl = setting(
        "Where browsers reach the server: in mails, redirects and media addresses.",
        AnyHttpUrl("http://127.0.0.1:8000"),
    )
    trusted_proxies: CommaSeparated = setting(
        "Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, "
        "comma-separated.",
        (),
    )
    allowed_origins: CommaSeparated = setting(
        "Web origins that may use the API from a browser besides its own, comma-separated, "
        "such as https://studio.example.",
        (),
    )
    data_dir: Path = setting(
        "Where the embedded stack and generated development secrets live.", ".framewright"
    )
    cache_dir: Path = setting(
        "Where fonts and downloaded sources are kept between jobs.", ".framewright/cache"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "Least severity that is logged.", "INFO"
    )

    @property
    def is_production(self) -> bool:
        """Whether this is the real thing."""
        return self.env == "production"

    @model_validator(mode="after")
    def _origins_are_origins(self) -> Self:
        for origin in self.allowed_origins:
            scheme, separator, host = origin.partition("://")
            if scheme not in {"http", "https"} or not separator or not host or "/" in host:
                raise ValueError(
                    f"{origin!r} is no origin; write https://host or https://host:port, without a path"
                )
        return self


class Database(Section):
    """MongoDB."""

    mongodb_url: SecretStr = setting("Connection string of a MongoDB replica set, 6.0 or later.")
    mongodb_database: str = setting("Name of the database.", "framewright", min_length=1, max_length=38)


class Messages(Section):
    """Redis."""

    redis_url: SecretStr = setting("Redis 6.2 or later, for queues, live events and rate limits.")


class Storage(Section):
    """S3."""

    s3_endpoint: str = setting("host:port of the S3 server, as this process reaches it.")
    s3_public_endpoint: str = setting(
        "host:port that browsers see; presigned addresses are signed for it. Empty: the same as S3_ENDPOINT.",
        "",
    )
    s3_access_key: SecretStr = setting("Access key of the S3 account.")
    s3_secret_key: SecretStr = setting("Secret key of the S3 account.")
    s3_bucket: str = setting("Bucket that holds everything.", "framewright", min_length=3, max_length=63)
    s3_region: str = setting("Region that requests are signed for.", "us-east-1")
    s3_secure: bool = setting("Whether S3 is spoken over TLS.", default=False)


class Access(Section):
    """Sign-in."""

    jwt_keys: RotatingKeys = setting(
        "Keys that sign access tokens: kid:secret,kid:secret. The first signs, all verify."
    )
    secrets_keys: RotatingKeys = setting(
        "Keys that sign the addresses of stored files and the links in mails, and that seal second factors "
        "and people's keys at providers: kid:secret,kid:secret. The first signs and seals, all verify and "
        "open; the house seals anew what an older one sealed."
    )
    oidc_providers: IdentityProviders = setting(
        "Providers that people may sign in with, as a JSON list, such as "
        '[{"key":"google","client_id":"…","client_secret":"…"}]. google and github are known; any other '
        "issuer of OpenID Connect takes key, name, issuer, client_id and client_secret. Each is to be told "
        "the redirect address PUBLIC_URL/auth/KEY/callback.",
        (),
    )
    access_token_lifetime_s: int = setting("How long an access token lasts.", 900, unit="seconds", ge=1)


class Api(Section):
    """GraphQL over HTTP, WebSocket and SSE, and what one operation may ask for."""

    introspection: bool | None = setting(
        "Whether the schema can be asked for. Empty: yes, except in production.", None
    )
    graphiql: bool | None = setting(
        "Whether /graphql shows GraphiQL to browsers. Empty: yes, except in production.", None
    )
    allow_get: bool = setting("Whether queries may come as GET. Mutations never may.", default=False)
    max_body_bytes: int = setting(
        "Largest request body, and largest WebSocket message.", 1_048_576, unit="bytes", ge=1_024
    )
    operation_timeout_s: float = setting(
        "Longest that a query or mutation may take; streams have no such limit.", 30.0, unit="seconds", gt=0
    )
    connection_init_timeout_s: float = setting(
        "How long a WebSocket may take to introduce itself.", 10.0, unit="seconds", gt=0
    )
    reauthenticate_s: float = setting(
        "How often the token of an open WebSocket or event stream is checked again.",
        15.0,
        unit="seconds",
        gt=0,
    )
    max_operations_per_socket: int = setting("Operations that may be open on one WebSocket.", 100, ge=1)
    max_tokens: int = setting("Lexical tokens in one document.", 3_000, ge=100)
    max_depth: int = setting("Levels of nesting in one operation.", 15, ge=3)
    max_fields: int = setting("Fields in one operation, fragments unfolded.", 1_000, ge=10)
    max_aliases: int = setting("Aliases in one operation, fragments unfolded.", 50, ge=0)
    max_directives: int = setting("Directives in one operation, fragments unfolded.", 50, ge=0)
    max_page_size: int = setting("Largest `first` or `last`, and most ids in one `nodes`.", 100, ge=1)
    max_cost: int = setting(
        "Cost of one operation: its fields times the page sizes around them.", 50_000, ge=100
    )
    document_cache_size: int = setting("Parsed and validated documents that are kept.", 128, ge=0)


class Mail(Section):
    """Mails to people, and where their links lead."""

    smtp_url: SecretStr = setting(
        "Mail server: smtp://host:25, smtp+starttls://user:password@host:587 or "
        "smtps://user:password@host:465, user and password percent-encoded. Empty: mails are written into "
        "DATA_DIR/mails as .eml files.",
        SecretStr(""),
    )
    mail_from: str = setting(
        "Who mails come from: an address, or Name <address>.",
        "Framewright <framewright@localhost>",
        pattern=r"^[^<>\r\n@]*<?[^<>\s@]+@[^<>\s@]+>?$",
    )
    app_url: AnyHttpUrl | None = setting(
        "Where the links of mails lead: the address of the web application. Empty: PUBLIC_URL.", None
    )

    @model_validator(mode="after")
    def _server_is_one(self) -> Self:
        scheme, separator, _ = self.smtp_url.get_secret_value().partition("://")
        if scheme and (not separator or scheme not in {"smtp", "smtp+starttls", "smtps"}):
            raise ValueError("SMTP_URL begins with smtp://, smtp+starttls:// or smtps://")
        return self


class Budgets(Section):
    """How often and how much: `60 per 5 minutes`, counted in Redis for all processes together."""

    cost_per_user: Budget = setting(
        "Cost of a user's operations, over all sessions and API keys together; the budget refills evenly.",
        "600000 per minute",
    )
    cost_per_api_key: Budget = setting("Cost of one API key's operations.", "300000 per minute")
    cost_per_address: Budget = setting(
        "Cost of the operations from one address for which nobody is signed in.", "300000 per minute"
    )
    sign_up_per_address: Budget = setting("Tries to sign up from one address.", "20 per hour")
    sign_in_per_address: Budget = setting("Tries to sign in from one address.", "60 per 5 minutes")
    sign_in_per_account: Budget = setting(
        "Tries to sign in to one account, from anywhere. Wide: a stranger must not lock its owner out.",
        "100 per hour",
    )
    sign_in_per_account_and_address: Budget = setting(
        "Tries to sign in to one account from one address.", "10 per 5 minutes"
    )
    refresh_per_address: Budget = setting("Refreshes of tokens from one address.", "600 per 5 minutes")
    mail_per_recipient: Budget = setting("Mails to one address, whoever causes them.", "8 per hour")
    mail_per_address: Budget = setting(
        "Mails caused from one IP address by people who are not signed in.", "60 per hour"
    )
    mail_per_user: Budget = setting("Mails that one user causes, such as invitations.", "200 per day")
    guess_per_subject: Budget = setting(
        "Tries at one second factor or one review link's password, from anywhere.", "60 per hour"
    )
    guess_per_subject_and_address: Budget = setting("The same from one address.", "10 per 5 minutes")
    export_per_user: Budget = setting("Exports of one user's data.", "3 per day")


class Jobs(Section):
    """Work that outlives a request."""

    lease_s: float = setting(
        "After so long without a sign of life a worker's job goes to another.", 30.0, unit="seconds", gt=0
    )
    sweep_interval_s: float = setting(
        "How often lost and waiting work is looked for.", 2.0, unit="seconds", gt=0
    )
    silence_s: float = setting(
        "A job that was handed out and taken by nobody for so long is handed out again.",
        15.0,
        unit="seconds",
        gt=0,
    )
    messages_per_user: int = setting("Jobs of one user that are with the broker at a time.", 8, ge=1)
    unfinished_jobs_per_user: int = setting(
        "Orders of one user that may be unfinished at a time; what a production starts of itself is not "
        "counted.",
        1_000,
        ge=1,
    )
    max_attempts: int = setting("Attempts before a job fails for good.", 5, ge=1)
    max_deaths: int = setting("Workers that a job may take with it before it fails for good.", 2, ge=1)
    backoff_s: float = setting(
        "Pause before the second attempt; it doubles with each further one.", 2.0, unit="seconds", gt=0
    )
    max_backoff_s: float = setting("The longest such pause.", 300.0, unit="seconds", gt=0)


class TreeCaps(Section):
    """How large one project may grow."""

    scenes_per_script: int = setting("Scenes in a script.", 200, ge=1)
    frames_per_scene: int = setting("Frames in a scene.", 30, ge=1)
    frames_per_project: int = setting("Frames in a project.", 2_000, ge=1)
    candidates_per_frame: int = setting("Images that one frame may choose from.", 16, ge=1)
    clips_per_scene: int = setting("Moving pictures that one scene may choose from.", 16, ge=1)
    tree_bytes: int = setting(
        "A project's document in MongoDB.", 4_194_304, unit="bytes", ge=65_536, le=15_728_640
    )


class Uploads(Section):
    """Files that people send."""

    uploads_per_user: int = setting(
        "Uploads of one user that may be under way at once: announced or checked, not expired.", 200, ge=1
    )
    upload_bytes_per_user: int = setting(
        "How large these may be together.", 21_474_836_480, unit="bytes", ge=1_048_576
    )


class Settings(Section):
    """Everything that the environment decides."""

    server: Server
    database: Database
    messages: Messages
    storage: Storage
    access: Access
    api: Api
    mail: Mail
    budgets: Budgets
    jobs: Jobs
    tree_caps: TreeCaps
    uploads: Uploads
    providers: Providers

    @property
    def introspection(self) -> bool:
        """Whether the schema can be asked for, the default of this kind of environment applied."""
        return not self.server.is_production if self.api.introspection is None else self.api.introspection

    @property
    def graphiql(self) -> bool:
        """Whether browsers are shown GraphiQL, the default of this kind of environment applied."""
        return not self.server.is_production if self.api.graphiql is None else self.api.graphiql
