"""How it is said, in the plainest sentence, that a finding is there or not, and that nothing is wrong.

Does not know how such a sentence is read: that is the lexicon's.
"""

NORMAL_REPORT = (
    "The heart size is normal. The mediastinal contours are normal. The lungs are clear. There is no focal "
    "consolidation, pleural effusion or pneumothorax. No acute bony abnormality."
)
NOTHING_ACUTE = "No acute cardiopulmonary abnormality."

# finding → that it is there, and that it is not.
STATEMENTS: dict[str, tuple[str, str]] = {
    "Enlarged Cardiomediastinum": ("The mediastinum is widened.", "The mediastinum is not widened."),
    "Cardiomegaly": ("The heart is enlarged.", "The heart is not enlarged."),
    "Lung Opacity": ("There is a lung opacity.", "There is no lung opacity."),
    "Lung Lesion": ("There is a lung nodule.", "There is no lung nodule or mass."),
    "Edema": ("There is pulmonary edema.", "There is no pulmonary edema."),
    "Consolidation": ("There is a consolidation.", "There is no consolidation."),
    "Pneumonia": ("There is pneumonia.", "There is no pneumonia."),
    "Atelectasis": ("There is atelectasis.", "There is no atelectasis."),
    "Pneumothorax": ("There is a pneumothorax.", "There is no pneumothorax."),
    "Pleural Effusion": ("There is a pleural effusion.", "There is no pleural effusion."),
    "Pleural Other": ("There is pleural thickening.", "There is no pleural thickening."),
    "Fracture": ("There is a rib fracture.", "There is no rib fracture."),
    "Support Devices": ("There is a support device.", "There are no support devices."),
}

# What is said in a state of a structure ("the heart is enlarged") has a word of its own in an impression.
IN_SHORT = {"cardiomegaly": "cardiomegaly"}

# What referrers write; drawn examinations are given one of these.
INDICATIONS = (
    "Cough and fever for three days.",
    "Shortness of breath.",
    "Chest pain. Pneumothorax?",
    "Check of lines and tubes.",
    "Known heart failure, increasing dyspnoea.",
    "Before surgery.",
)
