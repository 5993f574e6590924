// Names that the pages share with the server: the 29 regions, the findings, the six categories of error, and what is
// said of an image's sides. Their sources are in lmrrg; tests/ui/words/test_vocabulary.py compares the words.

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

export const SIDES = {
  mirrored: "The file says that the image is mirrored: the patient's left lies on the image's left.",
  upsideDown: "The file says that the image is upside down.",
  sideways: "The file says that the image lies on its side.",
  turned: "The picture was turned or mirrored as its orientation tag says; check the side marker.",
  seemsMirrored: "The image may be mirrored, left for right: check the side marker.",
  notFrontal: "This does not look like an upright frontal chest radiograph; it may be a lateral view, turned, or another part of the body. Do not rely on the draft.",
};
