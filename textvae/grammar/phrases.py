"""Noun phrases and verb phrases of the English grammar, as rule schemata.

`tone` is what a phrase contributes to the sentiment of its sentence: a neutral phrase has no
evaluative word, a positive or negative one has at least one. `valence` is a tone other than
neutral. `kind` is the class of noun that a phrase is about; `object` is the kind that a verb acts
on. `form` is the form of the verb that opens an `Action`; its auxiliaries stand outside.
"""

NOUN_PHRASES = """
Core[topic,kind,number,neutral]
    5 Noun[topic,kind,number]
    3 Adjective[topic,kind,neutral] Noun[topic,kind,number]
Core[topic,kind,number,valence]
    6 Adjective[topic,kind,valence] Noun[topic,kind,number]
    1 Adjective[topic,kind,valence] Adjective[topic,kind,neutral] Noun[topic,kind,number]
Indefinite[topic,kind,neutral]
    5 ANoun[topic,kind]
    3 AnAdjective[topic,kind,neutral] Noun[topic,kind,singular]
Indefinite[topic,kind,valence]
    1 AnAdjective[topic,kind,valence] Noun[topic,kind,singular]

# A noun phrase that names its noun; `Determiner` knows what can be owned.
Full[topic,kind,singular,tone]
    6 the Core[topic,kind,singular,tone]
    3 Determiner[topic,kind,singular] Core[topic,kind,singular,tone]
    2 Indefinite[topic,kind,tone]
Full[topic,kind,plural,tone]
    6 the Core[topic,kind,plural,tone]
    3 Determiner[topic,kind,plural] Core[topic,kind,plural,tone]
    2 Quantity[plural] Core[topic,kind,plural,tone]

Proper
    1 Name[feminine] | Name[masculine]
    1 Name[feminine] Surname | Name[masculine] Surname
Person[singular]
    4 Proper
    1 Pronoun[singular]
Person[plural]
    1 Pronoun[plural]
    2 Name[feminine] and Name[masculine]
Simple[topic,people,number,neutral]
    1 Full[topic,people,number,neutral]
    2 Person[number]
Simple[topic,people,plural,neutral]
    0.3 Pair[topic]
Simple[topic,people,number,valence]
    1 Full[topic,people,number,valence]
Simple[topic,thing,number,tone]
    1 Full[topic,thing,number,tone]

# Relative clauses are in the past, which goes with a main clause of any tense.
Relative[topic,people,number]
    1 who Doing[topic,past,affirmative,neutral]
Relative[topic,thing,number]
    2 that Simple[topic,people,other,neutral] Transitive[topic,people,thing,past]
Relative[topic,thing,singular]
    1 that was Participle[topic,thing]
Relative[topic,thing,plural]
    1 that were Participle[topic,thing]

# Subjects of main clauses. One that is only described must name its noun.
Subject[topic,kind,verb,number,tone]
    19 Simple[topic,kind,number,tone]
    1 Full[topic,kind,number,tone] Relative[topic,kind,number]
Subject[topic,kind,progressive,number,tone]
    19 Simple[topic,kind,number,tone]
    1 Full[topic,kind,number,tone] Relative[topic,kind,number]
Subject[topic,kind,state,number,tone]
    12 Full[topic,kind,number,tone]
    1 Full[topic,kind,number,tone] Relative[topic,kind,number]

Object[topic,kind,polarity,tone]
    5 the Core[topic,kind,other,tone]
    2 Determiner[topic,kind,other] Core[topic,kind,other,tone]
    5 Indefinite[topic,kind,tone]
Object[topic,people,polarity,neutral]
    12 Proper
Object[topic,kind,affirmative,tone]
    4 Quantity[plural] Core[topic,kind,plural,tone]
Object[topic,kind,negative,tone]
    4 any Core[topic,kind,plural,tone]
"""

VERB_PHRASES = """
# What a person does.
Doing[topic,form,polarity,tone]
    5 Transitive[topic,people,main,form] Object[topic,main,polarity,tone]
    4 Transitive[topic,people,side,form] Object[topic,side,polarity,tone]
    2 Transitive[topic,people,people,form] Object[topic,people,polarity,tone]
    1 Personal[form] Object[topic,people,polarity,tone]
    1 Neutral[form] Object[topic,main,polarity,tone]
Action[topic,people,form,polarity,neutral]
    10 Doing[topic,form,polarity,neutral]
    1 Doing[topic,form,polarity,neutral] Manner[neutral]
    5 Intransitive[topic,people,form]
    2 Skill[topic,form] Manner[neutral]
    1 Control[form] to Doing[topic,base,affirmative,neutral]
    1 Control[form] to Intransitive[topic,people,base]
Action[topic,people,form,polarity,valence]
    8 Doing[topic,form,polarity,valence]
    3 Doing[topic,form,polarity,neutral] Judged[polarity,valence]
    4 Skill[topic,form] Skilled[polarity,valence]
    1 Control[form] to Doing[topic,base,affirmative,valence]
Action[topic,people,form,affirmative,valence]
    2 Liking[valence,form] Object[topic,thing,affirmative,neutral]
Action[topic,people,form,negative,positive]
    2 Liking[negative,form] Object[topic,thing,negative,neutral]
Action[topic,people,form,negative,negative]
    2 Liking[positive,form] Object[topic,thing,negative,neutral]

# What a thing does.
Action[topic,thing,form,polarity,neutral]
    4 Intransitive[topic,thing,form]
    2 Intransitive[topic,thing,form] Motion[neutral]
    4 Transitive[topic,thing,object,form] Object[topic,object,polarity,neutral]
Action[topic,thing,form,polarity,valence]
    1 Transitive[topic,thing,object,form] Object[topic,object,polarity,valence]

# Negation turns a judgement round.
Judged[affirmative,valence]
    1 Manner[valence]
Judged[negative,positive]
    1 Manner[negative]
Judged[negative,negative]
    1 Manner[positive]

Skilled[affirmative,valence]
    1 Mastery[valence]
Skilled[negative,positive]
    1 Mastery[negative]
Skilled[negative,negative]
    1 Mastery[positive]

# What follows "be": a description, or something done to a thing.
# The neutral adjectives of things have no degrees ("very annual").
Quality[topic,kind,polarity,tone]
    2 Described[topic,kind,tone]
Quality[topic,people,polarity,tone]
    1 Degree[polarity] Described[topic,people,tone]
Quality[topic,thing,polarity,valence]
    1 Degree[polarity] Described[topic,thing,valence]
State[topic,kind,polarity,neutral]
    1 Quality[topic,kind,polarity,neutral]
State[topic,kind,affirmative,valence]
    1 Quality[topic,kind,affirmative,valence]
State[topic,kind,negative,positive]
    1 Quality[topic,kind,negative,negative]
State[topic,kind,negative,negative]
    1 Quality[topic,kind,negative,positive]
State[topic,thing,polarity,neutral]
    1 Participle[topic,thing]
    1 Participle[topic,thing] by Full[topic,people,other,neutral]
State[topic,thing,polarity,valence]
    0.6 Participle[topic,thing] by Full[topic,people,other,valence]
    0.4 Participle[topic,thing] Skilled[polarity,valence]

# Finite verb phrases: the auxiliaries that tense, construct and polarity call for.
Finite[topic,kind,past,verb,affirmative,number,tone]
    9 Action[topic,kind,past,affirmative,tone]
    1 Before[past] Action[topic,kind,past,affirmative,tone]
Finite[topic,kind,present,verb,affirmative,singular,tone]
    8 Action[topic,kind,third,affirmative,tone]
    2 Before[present] Action[topic,kind,third,affirmative,tone]
Finite[topic,kind,present,verb,affirmative,plural,tone]
    8 Action[topic,kind,base,affirmative,tone]
    2 Before[present] Action[topic,kind,base,affirmative,tone]
Finite[topic,kind,future,verb,affirmative,number,tone]
    9 will Action[topic,kind,base,affirmative,tone]
    1 will Before[future] Action[topic,kind,base,affirmative,tone]
Finite[topic,kind,tense,verb,negative,number,tone]
    8 Do[tense,number] not Action[topic,kind,base,negative,tone]
Finite[topic,kind,past,verb,negative,number,tone]
    2 never Action[topic,kind,past,negative,tone]
Finite[topic,kind,present,verb,negative,singular,tone]
    2 never Action[topic,kind,third,negative,tone]
Finite[topic,kind,present,verb,negative,plural,tone]
    2 never Action[topic,kind,base,negative,tone]
Finite[topic,kind,future,verb,negative,number,tone]
    2 will never Action[topic,kind,base,negative,tone]
Finite[topic,kind,tense,progressive,polarity,number,tone]
    1 Copula[tense,polarity,number] Action[topic,kind,ing,polarity,tone]
Finite[topic,kind,tense,state,polarity,number,tone]
    1 Copula[tense,polarity,number] State[topic,kind,polarity,tone]
"""
