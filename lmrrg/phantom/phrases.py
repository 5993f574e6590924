"""The words of the reports: for each statement two to four ways to say it, in full prose and in telegraph style.

Placeholders: ``{grade}`` (mild), ``{gradely}`` (mildly), ``{side}`` (right), ``{zone}`` (lower), ``{where}``
(the right lower lung zone). A capital is set by the writer. Knows no truth: which statement is made is the
writer's business.
"""

# key → (prose, telegraphic)
PHRASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cardiomegaly": (
        (
            "The heart is {gradely} enlarged.",
            "There is {grade} cardiomegaly.",
            "The cardiac silhouette is {gradely} enlarged.",
        ),
        ("{grade} cardiomegaly.", "Heart {gradely} enlarged."),
    ),
    "heart normal": (
        ("Heart size is normal.", "The cardiac silhouette is normal in size.", "The heart is not enlarged."),
        ("Heart size normal.", "No cardiomegaly."),
    ),
    "mediastinum wide": (
        ("The upper mediastinum is widened.", "There is widening of the mediastinum."),
        ("Widened mediastinum.", "Mediastinal widening."),
    ),
    "mediastinum normal": (
        ("The mediastinal contours are normal.", "The mediastinum is not widened."),
        ("Normal mediastinal contours.", "Mediastinum normal."),
    ),
    "effusion": (
        ("There is a {grade} {side} pleural effusion.", "A {grade} {side} pleural effusion is present."),
        ("{grade} {side} pleural effusion.", "{grade} {side} effusion."),
    ),
    "effusion bilateral": (
        (
            "There are {grade} bilateral pleural effusions.",
            "{grade} bilateral pleural effusions are present.",
        ),
        ("{grade} bilateral pleural effusions.", "{grade} bilateral effusions."),
    ),
    "pneumothorax": (
        ("There is a {grade} {side} pneumothorax.", "A {grade} {side} pneumothorax is seen."),
        ("{grade} {side} pneumothorax.",),
    ),
    "no effusion or pneumothorax": (
        ("There is no pleural effusion or pneumothorax.", "No pleural effusion or pneumothorax is seen."),
        ("No pleural effusion or pneumothorax.", "No effusion or pneumothorax."),
    ),
    "no effusion": (
        ("There is no pleural effusion.", "No pleural effusion is seen."),
        ("No pleural effusion.", "No effusion."),
    ),
    "no pneumothorax": (
        ("There is no pneumothorax.", "No pneumothorax is seen."),
        ("No pneumothorax.",),
    ),
    "thickening": (
        ("There is {side} apical pleural thickening.", "{side} apical pleural thickening is noted."),
        ("{side} apical pleural thickening.",),
    ),
    "thickening bilateral": (
        ("There is biapical pleural thickening.", "Biapical pleural thickening is noted."),
        ("Biapical pleural thickening.",),
    ),
    "lungs clear": (
        ("The lungs are clear.", "Both lungs are clear."),
        ("Lungs clear.",),
    ),
    "no consolidation": (
        ("There is no focal consolidation.", "No focal consolidation is seen."),
        ("No focal consolidation.", "No consolidation."),
    ),
    "no consolidation or edema": (
        (
            "There is no focal consolidation or pulmonary edema.",
            "No focal consolidation or pulmonary edema is seen.",
        ),
        ("No consolidation or edema.", "No focal consolidation or edema."),
    ),
    "no edema": (
        ("There is no pulmonary edema.", "No pulmonary edema is seen."),
        ("No edema.", "No pulmonary edema."),
    ),
    "consolidation": (
        (
            "There is a consolidative opacity in {where}.",
            "Airspace opacity in {where} represents consolidation.",
        ),
        ("Consolidative opacity in {where}.",),
    ),
    "pneumonia": (
        (
            "There is a consolidative opacity in {where}, consistent with pneumonia.",
            "Consolidative opacity in {where} is consistent with pneumonia.",
        ),
        ("Consolidative opacity in {where}, consistent with pneumonia.",),
    ),
    "edema": (
        (
            "There is {grade} pulmonary edema.",
            "Vascular congestion is consistent with {grade} pulmonary edema.",
            "{grade} pulmonary edema is present.",
        ),
        ("{grade} pulmonary edema.", "{grade} edema."),
    ),
    "atelectasis": (
        ("There is linear atelectasis at the {side} lung base.", "{side} basal atelectasis is present."),
        ("{side} basal atelectasis.", "Linear atelectasis at the {side} base."),
    ),
    "atelectasis bilateral": (
        ("There is bibasilar linear atelectasis.", "Linear atelectasis is present at both lung bases."),
        ("Bibasilar atelectasis.", "Bilateral basal atelectasis."),
    ),
    "nodule": (
        ("There is a nodule in {where}.", "A pulmonary nodule is seen in {where}."),
        ("Nodule in {where}.", "{side} {zone} zone nodule."),
    ),
    "mass": (
        ("There is a mass in {where}.", "A lung mass is seen in {where}."),
        ("Mass in {where}.", "{side} {zone} zone mass."),
    ),
    "fracture": (
        ("There are displaced {side} rib fractures.", "Displaced fractures of {side} ribs are seen."),
        ("Displaced {side} rib fractures.",),
    ),
    "no fracture": (
        ("No rib fracture is seen.", "There is no displaced rib fracture."),
        ("No fracture.", "No rib fracture."),
    ),
    "endotracheal tube": (
        (
            "The endotracheal tube ends above the carina.",
            "An endotracheal tube is in place with its tip above the carina.",
        ),
        ("Endotracheal tube above the carina.",),
    ),
    "central line": (
        (
            "A {side} central venous catheter ends in the superior vena cava.",
            "A {side} central line is in place with its tip in the superior vena cava.",
        ),
        ("{side} central line, tip in the SVC.",),
    ),
    "nasogastric tube": (
        ("A nasogastric tube ends in the stomach.", "The nasogastric tube reaches the stomach."),
        ("Nasogastric tube in the stomach.",),
    ),
    "pacemaker": (
        (
            "A {side} chest wall pacemaker is in place.",
            "A {side} sided pacemaker is present with intact leads.",
        ),
        ("{side} sided pacemaker.",),
    ),
    "impression normal": (
        ("No acute cardiopulmonary abnormality.", "No acute cardiopulmonary process."),
        ("No acute cardiopulmonary abnormality.", "No acute abnormality."),
    ),
}  # fmt: skip

ADVERB = {"mild": "mildly", "moderate": "moderately", "severe": "severely"}

# What an abnormality is called in an impression.
SUMMARY: dict[str, str] = {
    "Cardiomegaly": "{grade} cardiomegaly",
    "Enlarged Cardiomediastinum": "widened mediastinum",
    "Pleural Effusion": "{grade} {side} pleural effusion",
    "Pneumothorax": "{grade} {side} pneumothorax",
    "Consolidation": "consolidative opacity in {where}",
    "Edema": "{grade} pulmonary edema",
    "Atelectasis": "{side} basal atelectasis",
    "Lung Lesion": "{kind} in {where}",
    "Fracture": "displaced {side} rib fractures",
    "Pleural Other": "{side} apical pleural thickening",
}
