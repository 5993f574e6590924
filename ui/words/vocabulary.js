// Names that the pages share with the server: the 29 regions, the findings, the six categories of error, and the
// codes of what is said of an image's sides. Their sources are in lmrrg; tests/ui/words/test_vocabulary.py compares the words.

export const REGIONS = [
  "right lung", "right upper lung zone", "right mid lung zone", "right lower lung zone", "right hilar structures", "right apical zone",
  "right costophrenic angle", "right hemidiaphragm", "left lung", "left upper lung zone", "left mid lung zone", "left lower lung zone",
  "left hilar structures", "left apical zone", "left costophrenic angle", "left hemidiaphragm", "trachea", "spine", "right clavicle",
  "left clavicle", "aortic arch", "mediastinum", "upper mediastinum", "svc", "cardiac silhouette", "cavoatrial junction", "right atrium",
  "carina", "abdomen",
];

export const FINDINGS = [
  "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia", "Atelectasis",
  "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices",
];

export const ERROR_CATEGORIES = ["false finding", "missed finding", "wrong location", "wrong severity", "false comparison", "missed comparison"];

export const SIDES = ["mirrored", "upside_down", "sideways", "turned", "seems_mirrored", "not_frontal"];
