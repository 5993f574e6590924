"""The 14 findings of CheXpert: names only, and their order.

Irvin et al., CheXpert, AAAI 2019 (arXiv 1901.07031), table 1 and figure 1. Knows nothing about text: the words are the
lexicon's.
"""

FINDINGS: tuple[str, ...] = (
    "No Finding",
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
    "Support Devices",
)

FINDING_INDEX: dict[str, int] = {name: index for index, name in enumerate(FINDINGS)}

# The five that leaderboards report apart (CheXpert's competition tasks).
LEADING_FINDINGS: tuple[str, ...] = (
    "Atelectasis",
    "Cardiomegaly",
    "Consolidation",
    "Edema",
    "Pleural Effusion",
)

# Findings that lie within the lung: CheXpert's tree under "lung opacity".
OF_THE_LUNG = ("Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia", "Atelectasis")

# A finding counts as named where a narrower or a wider word for it stands (CheXpert's tree); what the image shows of
# a pneumonia is its consolidation.
NAMED_BY = {
    "Lung Opacity": ("Consolidation", "Pneumonia", "Atelectasis", "Edema", "Lung Lesion"),
    "Consolidation": ("Pneumonia",),
    "Pneumonia": ("Consolidation",),
    "Enlarged Cardiomediastinum": ("Cardiomegaly",),
}
