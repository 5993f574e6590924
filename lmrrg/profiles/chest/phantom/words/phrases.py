"""The words of the reports that models are trained on: every statement in full prose and in telegraph style.

Placeholders: ``{grade}`` (mild), ``{gradely}`` (mildly), ``{side}`` (right), ``{zone}`` (lower), ``{where}`` (the right
lower lung zone), ``{area}`` (right lower zone), ``{tail}`` (where a comparison goes, if not to the end). A capital is
set by the writer. Knows nothing about the truth: which statement is made is the writer's business. A third set of words
is in ``dictated_phrases``.
"""

# key → (prose, telegraphic)
PHRASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # heart and mediastinum
    "cardiomegaly": (
        (
            "The heart is {gradely} enlarged.",
            "There is {grade} cardiomegaly.",
            "The cardiac silhouette is {gradely} enlarged.",
            "{grade} enlargement of the cardiac silhouette is present.",
        ),
        ("{grade} cardiomegaly.", "Heart {gradely} enlarged."),
    ),
    "cardiomegaly AP": (
        (
            "The heart is {gradely} enlarged on this AP view.",
            "Allowing for AP projection, there is {grade} cardiomegaly.",
        ),
        ("{grade} cardiomegaly on AP view.", "Heart {gradely} enlarged, AP view."),
    ),
    "heart normal": (
        (
            "Heart size is normal.",
            "The cardiac silhouette is normal in size.",
            "The heart is not enlarged.",
            "Heart size is within normal limits.",
        ),
        ("Heart size normal.", "No cardiomegaly.", "Heart not enlarged."),
    ),
    "heart normal AP": (
        (
            "Heart size is within normal limits for an AP view.",
            "Allowing for AP projection, heart size is normal.",
        ),
        ("Heart size normal for AP view.",),
    ),
    "mediastinum wide": (
        (
            "The upper mediastinum is widened.",
            "There is widening of the mediastinum.",
            "The mediastinal contour is widened.",
        ),
        ("Widened mediastinum.", "Mediastinal widening."),
    ),
    "mediastinum normal": (
        (
            "The mediastinal contours are normal.",
            "The mediastinum is not widened.",
            "The mediastinal contours are unremarkable.",
        ),
        ("Normal mediastinal contours.", "Mediastinum normal."),
    ),
    # pleura
    "effusion": (
        (
            "There is a {grade} {side} pleural effusion.",
            "A {grade} {side} pleural effusion is present.",
            "A {grade} {side} pleural effusion is seen.",
        ),
        ("{grade} {side} pleural effusion.", "{grade} {side} effusion."),
    ),
    "effusion bilateral": (
        (
            "There are {grade} bilateral pleural effusions.",
            "{grade} bilateral pleural effusions are present.",
            "{grade} pleural effusions are seen bilaterally.",
        ),
        ("{grade} bilateral pleural effusions.", "{grade} bilateral effusions."),
    ),
    "effusion layering": (
        (
            "There is a {grade} layering {side} pleural effusion.",
            "A {grade} {side} pleural effusion layers posteriorly.",
            "Hazy veiling of the {side} lung is due to a {grade} layering {side} pleural effusion.",
        ),
        ("{grade} layering {side} pleural effusion.", "{grade} {side} effusion, layering."),
    ),
    "effusion layering bilateral": (
        (
            "There are {grade} layering bilateral pleural effusions.",
            "{grade} bilateral pleural effusions layer posteriorly.",
        ),
        ("{grade} layering bilateral pleural effusions.", "{grade} bilateral effusions, layering."),
    ),
    "effusion larger": (
        (
            "The {side} pleural effusion has increased and is now {grade}.",
            "{side} pleural effusion has increased since the prior examination and is now {grade}.",
        ),
        ("{side} effusion increased, now {grade}.",),
    ),
    "effusion larger bilateral": (
        ("The bilateral pleural effusions have increased and are now {grade}.",),
        ("Bilateral effusions increased, now {grade}.",),
    ),
    "effusion smaller": (
        (
            "The {side} pleural effusion has decreased and is now {grade}.",
            "{side} pleural effusion has decreased since the prior examination and is now {grade}.",
        ),
        ("{side} effusion decreased, now {grade}.",),
    ),
    "effusion smaller bilateral": (
        ("The bilateral pleural effusions have decreased and are now {grade}.",),
        ("Bilateral effusions decreased, now {grade}.",),
    ),
    "pneumothorax": (
        (
            "There is a {grade} {side} pneumothorax.",
            "A {grade} {side} pneumothorax is seen.",
            "A {grade} {side} pneumothorax is present.",
        ),
        ("{grade} {side} pneumothorax.",),
    ),
    "pneumothorax larger": (
        ("The {side} pneumothorax has increased and is now {grade}.",),
        ("{side} pneumothorax increased, now {grade}.",),
    ),
    "pneumothorax smaller": (
        ("The {side} pneumothorax has decreased and is now {grade}.",),
        ("{side} pneumothorax decreased, now {grade}.",),
    ),
    "no effusion or pneumothorax": (
        (
            "There is no pleural effusion or pneumothorax.",
            "No pleural effusion or pneumothorax is seen.",
            "No pneumothorax or pleural effusion is identified.",
        ),
        ("No pleural effusion or pneumothorax.", "No effusion or pneumothorax."),
    ),
    "no effusion": (
        ("There is no pleural effusion.", "No pleural effusion is seen.", "No pleural effusion is identified."),
        ("No pleural effusion.", "No effusion."),
    ),
    "no pneumothorax": (
        ("There is no pneumothorax.", "No pneumothorax is seen.", "No pneumothorax is identified."),
        ("No pneumothorax.",),
    ),
    "thickening": (
        (
            "There is {side} apical pleural thickening.",
            "{side} apical pleural thickening is noted.",
            "Pleural thickening is seen at the {side} apex.",
        ),
        ("{side} apical pleural thickening.",),
    ),
    "thickening bilateral": (
        (
            "There is biapical pleural thickening.",
            "Biapical pleural thickening is noted.",
            "Pleural thickening is seen at both apices.",
        ),
        ("Biapical pleural thickening.",),
    ),
    # lungs
    "lungs clear": (
        ("The lungs are clear.", "Both lungs are clear.", "The lungs are clear bilaterally."),
        ("Lungs clear.",),
    ),
    "no consolidation": (
        (
            "There is no focal consolidation.",
            "No focal consolidation is seen.",
            "No consolidation is identified.",
        ),
        ("No focal consolidation.", "No consolidation."),
    ),
    "no consolidation or edema": (
        (
            "There is no focal consolidation or pulmonary edema.",
            "No focal consolidation or pulmonary edema is seen.",
            "No pulmonary edema or focal consolidation is identified.",
        ),
        ("No consolidation or edema.", "No focal consolidation or edema."),
    ),
    "no edema": (
        ("There is no pulmonary edema.", "No pulmonary edema is seen.", "No pulmonary edema is identified."),
        ("No edema.", "No pulmonary edema."),
    ),
    "consolidation": (
        (
            "There is a consolidative opacity in {where}.",
            "Airspace opacity in {where} represents consolidation.",
            "A consolidative opacity is seen in {where}.",
        ),
        ("Consolidative opacity in {where}.", "Consolidative opacity, {area}."),
    ),
    "consolidation bilateral": (
        (
            "There are consolidative opacities in {where}.",
            "Airspace opacities in {where} represent consolidation.",
            "Consolidative opacities are seen in {where}.",
        ),
        ("Consolidative opacities in {where}.", "Consolidative opacities, {area}."),
    ),
    "pneumonia": (
        (
            "There is a consolidative opacity in {where}, consistent with pneumonia.",
            "Consolidative opacity in {where} is consistent with pneumonia.",
            "A consolidative opacity in {where} represents pneumonia.",
        ),
        (
            "Consolidative opacity in {where}, consistent with pneumonia.",
            "Consolidative opacity in {where}, compatible with pneumonia.",
        ),
    ),
    "pneumonia bilateral": (
        (
            "There are consolidative opacities in {where}, consistent with pneumonia.",
            "Consolidative opacities in {where} are consistent with pneumonia.",
            "Consolidative opacities in {where} represent pneumonia.",
        ),
        (
            "Consolidative opacities in {where}, consistent with pneumonia.",
            "Consolidative opacities in {where}, compatible with pneumonia.",
        ),
    ),
    "edema": (
        (
            "There is {grade} pulmonary edema.",
            "Vascular congestion is consistent with {grade} pulmonary edema.",
            "{grade} pulmonary edema is present.",
        ),
        ("{grade} pulmonary edema.", "{grade} edema."),
    ),
    "edema larger": (
        ("Pulmonary edema has worsened and is now {grade}.",),
        ("Edema worse, now {grade}.",),
    ),
    "edema smaller": (
        ("Pulmonary edema has improved and is now {grade}.",),
        ("Edema improved, now {grade}.",),
    ),
    "atelectasis": (
        (
            "There is linear atelectasis at the {side} lung base.",
            "{side} basal atelectasis is present.",
            "Linear atelectasis is seen at the {side} base.",
        ),
        ("{side} basal atelectasis.", "Linear atelectasis at the {side} base."),
    ),
    "atelectasis bilateral": (
        (
            "There is bibasilar linear atelectasis.",
            "Linear atelectasis is present at both lung bases.",
            "Bibasilar atelectasis is seen.",
        ),
        ("Bibasilar atelectasis.", "Bilateral basal atelectasis."),
    ),
    "lobar atelectasis": (
        (
            "There is {side} {zone} lobe atelectasis{tail} with volume loss.",
            "The {side} {zone} lobe is collapsed{tail} with loss of volume.",
            "Lobar atelectasis of the {side} {zone} lobe is present{tail} with volume loss.",
            "There is collapse of the {side} {zone} lobe.",
        ),
        ("{side} {zone} lobe atelectasis{tail} with volume loss.", "{side} {zone} lobe collapse."),
    ),
    "emphysema": (
        (
            "The lungs are hyperinflated with flattened diaphragms, consistent with emphysema.",
            "Hyperinflation and flattening of the diaphragms are consistent with emphysema.",
            "There is emphysema with flattened diaphragms.",
        ),
        ("Hyperinflated lungs, consistent with emphysema.", "Emphysema, flattened diaphragms."),
    ),
    "nodule": (
        (
            "There is a nodule in {where}.",
            "A pulmonary nodule is seen in {where}.",
            "A rounded nodule projects over {where}.",
        ),
        ("Nodule in {where}.", "Nodule, {area}."),
    ),
    "mass": (
        (
            "There is a mass in {where}.",
            "A lung mass is seen in {where}.",
            "A large rounded mass projects over {where}.",
        ),
        ("Mass in {where}.", "Mass, {area}."),
    ),
    # bones
    "fracture": (
        (
            "There are displaced {side} rib fractures.",
            "Displaced fractures of {side} ribs are seen.",
            "Displaced {side} rib fractures are present.",
        ),
        ("Displaced {side} rib fractures.",),
    ),
    "no fracture": (
        (
            "No rib fracture is seen.",
            "There is no displaced rib fracture.",
            "No displaced rib fracture is identified.",
        ),
        ("No fracture.", "No rib fracture."),
    ),
    # devices
    "endotracheal tube": (
        (
            "The endotracheal tube ends above the carina.",
            "An endotracheal tube is in place with its tip above the carina.",
            "The tip of the endotracheal tube lies above the carina.",
        ),
        ("Endotracheal tube above the carina.", "ET tube tip above the carina."),
    ),
    "endotracheal tube misplaced": (
        (
            "The endotracheal tube ends in the right main bronchus and should be withdrawn.",
            "The tip of the endotracheal tube lies in the right main bronchus and should be withdrawn.",
        ),
        ("Endotracheal tube in the right main bronchus, withdraw.",),
    ),
    "central line": (
        (
            "A {side} central venous catheter ends in the superior vena cava.",
            "A {side} central line is in place with its tip in the superior vena cava.",
            "The tip of a {side} central venous catheter lies in the superior vena cava.",
        ),
        ("{side} central line, tip in the SVC.",),
    ),
    "central line misplaced": (
        (
            "A {side} central venous catheter turns up into the neck and should be repositioned.",
            "The tip of the {side} central line lies in the neck and should be repositioned.",
        ),
        ("{side} central line, tip in the neck, reposition.",),
    ),
    "nasogastric tube": (
        (
            "A nasogastric tube ends in the stomach.",
            "The nasogastric tube reaches the stomach.",
            "The tip of the nasogastric tube projects over the stomach.",
        ),
        ("Nasogastric tube in the stomach.",),
    ),
    "nasogastric tube misplaced": (
        (
            "The nasogastric tube ends in the esophagus and should be pushed forward.",
            "The tip of the nasogastric tube lies in the esophagus, above the stomach, and should be moved forward.",
        ),
        ("Nasogastric tube tip in the esophagus, move forward.",),
    ),
    "pacemaker": (
        (
            "A {side} chest wall pacemaker is in place.",
            "A {side} sided pacemaker is present with intact leads.",
            "There is a {side} sided pacemaker.",
        ),
        ("{side} sided pacemaker.",),
    ),
    "chest drain": (
        (
            "A {side} chest drain is in place.",
            "A {side} chest tube is present.",
            "There is a {side} sided chest drain.",
        ),
        ("{side} chest drain.", "{side} chest tube."),
    ),
    # the whole study
    "impression normal": (
        (
            "No acute cardiopulmonary abnormality.",
            "No acute cardiopulmonary process.",
            "No evidence of acute cardiopulmonary disease.",
        ),
        ("No acute cardiopulmonary abnormality.", "No acute abnormality."),
    ),
    "no change": (
        ("There is no change since the prior examination.", "No interval change since the prior examination."),
        ("No change since prior.", "No interval change."),
    ),
    "resolved": (
        (
            "The previously seen {name} {has} resolved.",
            "The {name} on the prior examination {has} resolved.",
            "The {name} {is} no longer seen.",
        ),
        ("{name} resolved.", "Prior {name} resolved."),
    ),
}  # fmt: skip

# How a statement compares with the prior, appended to it: change → (prose, telegraphic).
COMPARED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "new": (
        ("new since the prior examination", "new compared with the prior study", "new since the prior radiograph"),
        ("new", "new since prior"),
    ),
    "larger": (
        (
            "increased since the prior examination",
            "worse than on the prior study",
            "worsened since the prior radiograph",
        ),
        ("increased", "worse"),
    ),
    "smaller": (
        (
            "decreased since the prior examination",
            "improved compared with the prior study",
            "improved since the prior radiograph",
        ),
        ("decreased", "improved"),
    ),
    "unchanged": (
        (
            "unchanged since the prior examination",
            "stable compared with the prior study",
            "similar to the prior radiograph",
        ),
        ("unchanged", "stable"),
    ),
}  # fmt: skip

ADVERB = {"mild": "mildly", "moderate": "moderately", "severe": "severely"}

# In an impression the comparison goes before the name.
LEADING: dict[str, str] = {"new": "new", "larger": "worsening", "smaller": "improving", "unchanged": "stable"}

# What an abnormality is called in an impression, by the key of its statement.
SUMMARY: dict[str, str] = {
    "cardiomegaly": "{grade} cardiomegaly",
    "mediastinum wide": "widened mediastinum",
    "effusion": "{grade} {side} pleural effusion",
    "effusion bilateral": "{grade} bilateral pleural effusions",
    "pneumothorax": "{grade} {side} pneumothorax",
    "consolidation": "consolidative opacity in {where}",
    "consolidation bilateral": "consolidative opacities in {where}",
    "pneumonia": "pneumonia in {where}",
    "edema": "{grade} pulmonary edema",
    "atelectasis": "{side} basal atelectasis",
    "lobar atelectasis": "{side} {zone} lobe atelectasis",
    "emphysema": "emphysema",
    "nodule": "nodule in {where}",
    "mass": "mass in {where}",
    "fracture": "displaced {side} rib fractures",
    "thickening": "{side} apical pleural thickening",
    "endotracheal tube misplaced": "endotracheal tube in the right main bronchus",
    "central line misplaced": "malpositioned {side} central line",
    "nasogastric tube misplaced": "nasogastric tube in the esophagus",
}

# What it is called once it is gone, without its grade; those in the plural apart.
NAME: dict[str, str] = {
    "cardiomegaly": "cardiomegaly",
    "mediastinum wide": "mediastinal widening",
    "effusion": "{side} pleural effusion",
    "effusion bilateral": "bilateral pleural effusions",
    "pneumothorax": "{side} pneumothorax",
    "consolidation": "consolidative opacity in {where}",
    "consolidation bilateral": "consolidative opacities in {where}",
    "pneumonia": "pneumonia in {where}",
    "edema": "pulmonary edema",
    "atelectasis": "{side} basal atelectasis",
    "lobar atelectasis": "{side} {zone} lobe atelectasis",
    "emphysema": "emphysema",
    "nodule": "nodule in {where}",
    "mass": "mass in {where}",
    "fracture": "{side} rib fractures",
    "thickening": "{side} apical pleural thickening",
}
PLURAL = frozenset({"effusion bilateral", "consolidation bilateral", "fracture"})
