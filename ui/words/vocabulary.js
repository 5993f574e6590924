// Names that the pages share with the server: the six categories of error, and the codes of what is said of an image's
// sides. Their sources are in lmrrg; tests/ui/words/test_vocabulary.py compares the words. Regions and findings are the
// profile's, which kit/session.js asks for.

export const ERROR_CATEGORIES = ["false finding", "missed finding", "wrong location", "wrong severity", "false comparison", "missed comparison"];

export const SIDES = ["mirrored", "upside_down", "sideways", "turned", "seems_mirrored", "not_frontal"];
