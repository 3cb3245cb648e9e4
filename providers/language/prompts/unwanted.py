"""What a picture must not show, said in words: for models that have no place of its own for it."""


def with_unwanted(prompt: str, unwanted: str) -> str:
    """A prompt that ends with what must not appear, where something must not."""
    if not unwanted.strip():
        return prompt
    return "\n".join([*([prompt] if prompt.strip() else []), f"Not in the picture: {unwanted.strip()}"])
