"""Words of the topics food and weather.

Every topic has three kinds of noun: `people`, who act; `main`, what the topic is about; `side`, the
things at hand. `a>b` lists the verbs that a kind does to a kind, `a>` its intransitive verbs,
`skills` what people may do well or badly, `owned` the kinds that take a possessive. Places are
divided by `|`. Irregular words spell their forms as in `morphology`; the order of a list is its
order of frequency.
"""

FOOD = {
    "people": "chef waiter baker guest butcher",
    "main": "soup pizza omelette pie stew",
    "side": "plate pan bowl tray",
    "main neutral": "hot spicy salty",
    "main positive": "delicious tasty",
    "main negative": "bland stale",
    "side neutral": "heavy wooden",
    "people>main": "cook serve",
    "people>side": "wash fill",
    "people>people": "feed/fed",
    "people>": "eat/ate/eaten cook",
    "skills": "cook",
    "main>": "cool",
    "side>": "crack",
    "places": "in the kitchen | at the restaurant | in the bakery | at the buffet",
    "owned": "people main side",
}

WEATHER = {
    "people": "sailor farmer hiker forecaster villager",
    "main": "storm blizzard hurricane thunderstorm heatwave",
    "side": "umbrella raincoat tent boot",
    "main neutral": "sudden distant tropical",
    "main positive": "mild gentle",
    "main negative": "violent fierce",
    "side neutral": "waterproof yellow",
    "people>main": "predict watch",
    "people>side": "dry carry",
    "people>people": "warn",
    "people>": "shiver climb row",
    "skills": "climb row",
    "main>": "approach",
    "side>": "leak",
    "main>people": "frighten",
    "main>side": "damage",
    "places": "on the coast | in the valley | on the hill | in the harbor",
    "owned": "side",
}
