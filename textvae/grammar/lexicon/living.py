"""Words of the topics food, weather and health.

Every topic has three kinds of noun: `people`, who act; `main`, what the topic is about; `side`, the
things at hand. `a>b` lists the verbs that a kind does to a kind, `a>` its intransitive verbs,
`skills` what people may do well or badly, `owned` the kinds that take a possessive. Places are
divided by `|`. Irregular words spell their forms as in `morphology`; the order of a list is its
order of frequency.
"""

FOOD = {
    "people": "chef waiter baker guest butcher diner",
    "main": "soup pizza omelette pie stew pancake sausage",
    "side": "plate pan bowl tray jug spoon",
    "main neutral": "hot spicy salty sweet",
    "main positive": "delicious tasty fresh",
    "main negative": "bland stale greasy",
    "side neutral": "heavy wooden clean",
    "people>main": "cook serve taste order",
    "people>side": "wash fill drop",
    "people>people": "feed/fed invite",
    "people>": "eat/ate/eaten cook dine",
    "skills": "cook",
    "main>": "cool burn",
    "side>": "crack shine/shone",
    "places": "in the kitchen | at the restaurant | in the bakery | at the buffet",
    "owned": "people main side",
}

WEATHER = {
    "people": "sailor farmer hiker forecaster villager gardener",
    "main": "storm blizzard hurricane thunderstorm heatwave tornado/tornadoes drought",
    "side": "umbrella raincoat tent boot jacket roof",
    "main neutral": "sudden distant tropical brief",
    "main positive": "mild gentle harmless",
    "main negative": "violent fierce deadly",
    "side neutral": "waterproof yellow thick",
    "people>main": "predict watch survive",
    "people>side": "dry carry fix",
    "people>people": "warn rescue",
    "people>": "shiver climb row",
    "skills": "climb row",
    "main>": "approach weaken rage",
    "side>": "leak shrink/shrank/shrunk",
    "main>people": "frighten surprise",
    "main>side": "damage ruin",
    "places": "on the coast | in the valley | on the hill | in the harbor",
    "owned": "side",
}

HEALTH = {
    "people": "doctor patient nurse surgeon dentist therapist",
    "main": "infection fever wound allergy rash disease",
    "side": "pill bandage vaccine syringe vitamin tablet",
    "main neutral": "rare common chronic viral",
    "main positive": "minor treatable curable",
    "main negative": "severe painful dangerous",
    "side neutral": "sterile white tiny",
    "people>main": "treat diagnose examine",
    "people>side": "deliver count store",
    "people>people": "vaccinate visit",
    "people>": "recover cough walk",
    "skills": "recover walk",
    "main>": "fade return",
    "main>people": "affect worry",
    "side>": "dissolve expire",
    "places": "at the clinic | in the hospital | in the pharmacy | on the ward",
    "owned": "people side",
}
