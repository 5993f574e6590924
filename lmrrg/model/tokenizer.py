"""A byte-level tokenizer learned from reports: whole words where they are frequent, never an unknown character.

Knows nothing about models. A site that starts from a pretrained decoder keeps that decoder's tokenizer and only adds
``SPECIAL_TOKENS`` to it.
"""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from lmrrg.model.processing import IMAGE_TOKEN

PAD, BOS, EOS, UNKNOWN = "<pad>", "<s>", "</s>", "<unk>"
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")
SPECIAL_TOKENS = (PAD, BOS, EOS, UNKNOWN, IMAGE_TOKEN, *ROLES)


def train_tokenizer(corpus: Iterable[str], vocabulary_size: int = 2048) -> PreTrainedTokenizerFast:
    """A byte-pair encoding of at most ``vocabulary_size`` tokens; ids 0 … 7 are ``SPECIAL_TOKENS`` in order."""
    tokenizer = Tokenizer(models.BPE(unk_token=None))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        corpus,
        trainers.BpeTrainer(
            vocab_size=vocabulary_size,
            special_tokens=list(SPECIAL_TOKENS),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=EOS,
        unk_token=UNKNOWN,
        additional_special_tokens=[IMAGE_TOKEN, *ROLES],
        padding_side="left",
        model_max_length=1024,
    )
