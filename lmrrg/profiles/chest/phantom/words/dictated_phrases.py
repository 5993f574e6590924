"""A third set of words, standard but other than those of ``phrases``, that no training sees.

Same keys and placeholders as there, one column. The left-out site and the readers of the retraining benchmark
speak like this, so that a model which has only learnt phrases by heart is told from one that learns.
"""

DICTATED: dict[str, tuple[str, ...]] = {
    "cardiomegaly": (
        "{grade} cardiac enlargement is evident.",
        "Heart shadow {gradely} widened.",
        "Enlarged heart, {grade} in degree.",
    ),
    "cardiomegaly AP": ("{grade} cardiac enlargement even for AP technique.",),
    "heart normal": ("The heart is of normal size.", "Cardiac size unremarkable."),
    "heart normal AP": ("The heart is of normal size for AP technique.",),
    "mediastinum wide": ("Superior mediastinal widening is evident.", "Widening of the superior mediastinum."),
    "mediastinum normal": ("Unremarkable mediastinum.", "Mediastinal silhouette within normal limits."),
    "effusion": (
        "{grade} amount of {side} sided pleural fluid.",
        "{grade} {side} sided effusion demonstrated.",
    ),
    "effusion bilateral": ("{grade} amount of pleural fluid on both sides.", "{grade} effusions on both sides."),
    "effusion layering": ("{grade} {side} sided effusion layering out in supine position.",),
    "effusion layering bilateral": ("{grade} effusions on both sides layering out in supine position.",),
    "pneumothorax": (
        "{grade} {side} sided pneumothorax demonstrated.",
        "{grade} pneumothorax on the {side} side.",
    ),
    "no effusion or pneumothorax": ("Free of effusion and pneumothorax.", "Neither effusion nor pneumothorax."),
    "no effusion": ("Pleural spaces free of fluid.", "Pleural effusion is not demonstrated."),
    "no pneumothorax": ("Pneumothorax is not demonstrated.", "Negative for pneumothorax."),
    "thickening": ("{side} apical cap.", "Apical pleural thickening on the {side} side."),
    "thickening bilateral": ("Bilateral apical caps.", "Apical pleural thickening on both sides."),
    "lungs clear": ("Lung fields are clear.", "Clear lung fields bilaterally."),
    "no consolidation": ("Free of consolidation.", "Consolidation is not demonstrated."),
    "no consolidation or edema": (
        "Neither consolidation nor edema.",
        "Consolidation and edema are not demonstrated.",
    ),
    "no edema": ("Free of pulmonary edema.", "Pulmonary edema is not demonstrated."),
    "consolidation": (
        "Airspace consolidation involving {where}.",
        "Consolidation occupies {where}.",
    ),
    "pneumonia": (
        "Airspace consolidation involving {where}, in keeping with pneumonia.",
        "Consolidation, {area}, in keeping with pneumonia.",
    ),
    "edema": ("{grade} edema of the lungs.", "Fluid overload, {grade} pulmonary edema."),
    "atelectasis": ("Plate atelectasis, {side} base.", "{side} basilar band atelectasis."),
    "atelectasis bilateral": ("Plate atelectasis at the bases bilaterally.", "Band atelectasis, both bases."),
    "lobar atelectasis": (
        "Volume loss due to atelectasis of the {side} {zone} lobe.",
        "Complete collapse of the {side} {zone} lobe.",
    ),
    "emphysema": (
        "Overinflated lungs and flat diaphragms in keeping with emphysema.",
        "Emphysematous overinflation.",
    ),
    "nodule": ("Nodular lesion, {area}.", "Solitary nodule within the {area}."),
    "mass": ("Mass lesion, {area}.", "Solitary mass within the {area}."),
    "fracture": ("Fractured ribs on the {side}, displaced.", "{side} sided displaced rib fractures demonstrated."),
    "no fracture": ("Ribs free of fracture.", "Rib fracture is not demonstrated."),
    "endotracheal tube": ("ETT satisfactory.", "ETT terminates proximal to the carina."),
    "endotracheal tube misplaced": ("ETT terminates in the right mainstem bronchus, pull back.",),
    "central line": ("{side} venous catheter terminates in the SVC.", "{side} sided CVC: catheter tip within the SVC."),
    "central line misplaced": ("{side} venous catheter terminates in the neck, reposition.",),
    "nasogastric tube": ("Enteric tube terminates below the diaphragm.", "NG tube within the gastric body."),
    "nasogastric tube misplaced": ("NG tube terminates in the esophagus, insert further.",),
    "pacemaker": ("{side} sided pacing device with leads.", "{side} pectoral pacing device."),
    "chest drain": ("{side} thoracostomy tube.", "{side} sided pleural drain."),
    "impression normal": ("Unremarkable chest radiograph.", "No active cardiopulmonary disease."),
    "no change": ("Appearances as before.", "Unchanged appearances."),
    "resolved": ("Interval resolution of the {name}.", "The {name} {has} cleared."),
}  # fmt: skip

# Statements that nothing is wrong: what a reader says every day, and soonest in words of one's own.
NORMALS: frozenset[str] = frozenset(
    key for key in DICTATED if key.startswith("no ") or key.endswith(("normal", "normal AP", "clear"))
)

DICTATED_COMPARED: dict[str, tuple[str, ...]] = {
    "new": ("newly developed", "new from previous"),
    "larger": ("progressed from previous", "more pronounced from previous"),
    "smaller": ("regressed from previous", "less prominent from previous"),
    "unchanged": ("persisting as before", "without interval change"),
}
