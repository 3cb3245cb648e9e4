"""What is asked of the API, as any frontend would ask it."""

from typing import Final

_TOKENS: Final = "tokens { accessToken accessExpiresAt refreshToken } userErrors { code field message }"

SIGN_UP: Final = f"mutation SignUp($input: SignUpInput!) {{ signUp(input: $input) {{ {_TOKENS} }} }}"

SIGN_IN: Final = f"mutation SignIn($input: SignInInput!) {{ signIn(input: $input) {{ {_TOKENS} }} }}"

REFRESH_TOKENS: Final = (
    f"mutation Refresh($input: RefreshTokensInput!) {{ refreshTokens(input: $input) {{ {_TOKENS} }} }}"
)

CREATE_PROJECT: Final = """
mutation CreateProject($input: CreateProjectInput!) {
  createProject(input: $input) {
    project { id title }
    userErrors { code field message }
  }
}
"""

FORESEE: Final = """
query Foresee($projectId: ID!) {
  eventCursor(projectId: $projectId)
  productionEstimate(projectId: $projectId) {
    durationS
    videoDurationS
    cost { minor currency }
    stages { stage durationS pieces { kind count } }
  }
}
"""

START_PRODUCTION: Final = """
mutation StartProduction($input: StartProductionInput!) {
  startProduction(input: $input) {
    job { id }
    userErrors { code field message }
  }
}
"""

PROJECT_EVENTS: Final = """
subscription ProjectEvents($projectId: ID!, $after: String) {
  projectEvents(projectId: $projectId, after: $after) {
    __typename
    ... on LiveEvent { cursor }
    ... on JobEventFields { jobId rootId kind state progress stage unitsDone unitsTotal }
    ... on JobProgressed { remainingS }
    ... on JobChanged { error { code message } }
  }
}
"""

_JOB: Final = "jobId: id rootId kind state progress stage unitsDone unitsTotal error { code message }"

JOBS: Final = f"""
query Jobs($id: ID!, $after: String) {{
  node(id: $id) {{
    ... on Job {{
      {_JOB}
      children(first: 100, after: $after) {{
        nodes {{ {_JOB} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
    }}
  }}
}}
"""

RENDER: Final = """
query Finished($id: ID!) {
  node(id: $id) {
    ... on Job {
      render {
        width height fps durationS loudnessLufs
        video { url sizeBytes sha256 }
      }
    }
  }
}
"""
