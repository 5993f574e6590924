"""Several texts of the same study, sampled at once: a beginning that they share is written once.

At the temperatures of reinforcement the eight texts of a study say the same for sentences on end, and each ends at
another place. Here texts that agree so far are one row of the batch, which carries how many they are; it splits where
they draw different tokens, and leaves the batch when they end. Every text is drawn as it would be by itself, so the
texts are samples of the same distribution as ``generate``'s. Knows nothing about studies, rewards or trainers.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def _alike(rows: Sequence[Tensor]) -> list[list[int]]:
    """Numbers of the rows that are equal in every one of the tensors ``[B, …]``, together; in order of appearance."""
    found: dict[bytes, list[int]] = {}
    for number in range(len(rows[0])):
        seen = hashlib.blake2b()
        for tensor in rows:
            seen.update(tensor[number].contiguous().cpu().numpy().tobytes())
        found.setdefault(seen.digest(), []).append(number)
    return list(found.values())


@torch.no_grad()
def sample(
    model: Any,
    input_ids: Tensor,
    attention_mask: Tensor,
    *,
    max_new_tokens: int,
    temperature: float,
    ends: Sequence[int],
    padding: int,
    suppressed: Sequence[int] = (),
    **images: Tensor,
) -> Tensor:
    """Prompts and a text sampled for each, ``[B, prompt + longest text]``, padded on the right.

    Args:
        input_ids, attention_mask: ``[B, prompt]``, padded on the left. Equal rows share their beginnings.
        ends: tokens that end a text.
        suppressed: tokens that are never drawn.
        images: ``pixel_values`` or ``image_tokens``, a row for each prompt.
    """
    device = input_ids.device
    texts = _alike(
        [input_ids, attention_mask, *images.values()]
    )  # for each row of the batch, whose texts it writes
    first = torch.tensor([rows[0] for rows in texts], device=device)
    mask = attention_mask[first]
    positions = (mask.cumsum(1) - 1).clamp_min(0)
    seen = {name: image[first] for name, image in images.items()}
    tokens, cache = input_ids[first], None
    written: list[list[int]] = [[] for _ in input_ids]
    for _ in range(max_new_tokens):
        out = model(
            input_ids=tokens,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
            **seen,
        )
        cache, seen = out.past_key_values, {}
        logits = out.logits[:, -1].float()
        logits[:, list(suppressed)] = -torch.inf
        most = max(len(rows) for rows in texts)
        drawn = torch.multinomial((logits / temperature).softmax(-1), most, replacement=True).tolist()
        parents: list[int] = []
        said: list[int] = []
        further: list[list[int]] = []
        for parent, rows in enumerate(texts):
            together: dict[int, list[int]] = {}
            for row, token in zip(rows, drawn[parent], strict=False):
                written[row].append(token)
                together.setdefault(token, []).append(row)
            for token, same in together.items():
                if token not in ends:
                    parents.append(parent)
                    said.append(token)
                    further.append(same)
        if not further:
            break
        if parents != list(range(len(texts))):
            chosen = torch.tensor(parents, device=device)
            cache.batch_select_indices(chosen)
            mask, positions = mask[chosen], positions[chosen]
        texts = further
        tokens = torch.tensor(said, device=device)[:, None]
        mask = torch.cat([mask, mask.new_ones(len(texts), 1)], 1)
        positions = positions[:, -1:] + 1
    longest = max(map(len, written))
    padded = [text + [padding] * (longest - len(text)) for text in written]
    return torch.cat([input_ids, torch.tensor(padded, device=device)], 1)
