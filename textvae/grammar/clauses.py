"""Clauses and sentences of the English grammar, as rule schemata.

`construct` says how a clause predicates: a simple `verb`, a `progressive`, or a `state` after
"be". Main clauses take subordinate ones of the same topic, and these take none: that is the bound
on the recursion. The tense of a subordinate clause is the one English asks for ("will ... when it
is ..."); the sentence's factors are those of its main clause.
"""

CLAUSES = """
# A clause without clauses inside, for subordinate use.
Small[topic,tense,tone]
    5 Plain[topic,tense,affirmative,tone]
    1 Plain[topic,tense,negative,tone]
Plain[topic,tense,polarity,tone]
    6 PlainOf[topic,people,tense,polarity,tone]
    4 PlainOf[topic,main,tense,polarity,tone]
    2 PlainOf[topic,side,tense,polarity,tone]
PlainOf[topic,kind,tense,polarity,neutral]
    5 Simple[topic,kind,number,neutral] Finite[topic,kind,tense,verb,polarity,number,neutral]
    3 Simple[topic,kind,number,neutral] Finite[topic,kind,tense,state,polarity,number,neutral]
PlainOf[topic,kind,tense,affirmative,neutral]
    1 Simple[topic,kind,number,neutral] \
      Finite[topic,kind,tense,progressive,affirmative,number,neutral]
PlainOf[topic,kind,tense,polarity,valence]
    3 Simple[topic,kind,number,neutral] Finite[topic,kind,tense,verb,polarity,number,valence]
    4 Simple[topic,kind,number,neutral] Finite[topic,kind,tense,state,polarity,number,valence]

Content[topic,past]
    1 that Small[topic,past,neutral]
Content[topic,present]
    2 that Small[topic,present,neutral]
    1 that Small[topic,past,neutral]
    1 that Small[topic,future,neutral]
Content[topic,future]
    1 that Small[topic,present,neutral]

Reason[topic,past,tone]
    1 Because[past] Small[topic,past,tone]
Reason[topic,present,tone]
    1 Because[present] Small[topic,present,tone]
Reason[topic,future,tone]
    1 Because[future] Small[topic,present,tone]
    1 Because[future] Small[topic,future,tone]
# A negated circumstance reads oddly ("after it was not cold"), so these are affirmative.
Circumstance[topic,past,tone]
    1 When[past] Plain[topic,past,affirmative,tone]
Circumstance[topic,present,tone]
    1 When[present] Plain[topic,present,affirmative,tone]
Circumstance[topic,future,tone]
    1 When[future] Plain[topic,present,affirmative,tone]

# Verb phrases of people in main clauses may also report an opinion or a feeling.
Telling[topic,tense,construct,polarity,number,tone]
    9 Finite[topic,people,tense,construct,polarity,number,tone]
Telling[topic,past,verb,affirmative,number,neutral]
    1.5 Opinion[past] Content[topic,past]
Telling[topic,present,verb,affirmative,singular,neutral]
    1.5 Opinion[third] Content[topic,present]
Telling[topic,present,verb,affirmative,plural,neutral]
    1.5 Opinion[base] Content[topic,present]
Telling[topic,future,verb,affirmative,number,neutral]
    1.5 will Opinion[base] Content[topic,future]
Telling[topic,tense,verb,negative,number,neutral]
    1 Do[tense,number] not Opinion[base] Content[topic,tense]
Telling[topic,tense,state,affirmative,number,valence]
    3 Copula[tense,affirmative,number] Glad[valence] Content[topic,tense]
Telling[topic,tense,state,negative,number,negative]
    1 Copula[tense,negative,number] Glad[positive] Content[topic,tense]

# The tone of a clause is that of its predicate, or else of its subject.
Clause[topic,tense,construct,polarity,number,neutral]
    6 Subject[topic,people,construct,number,neutral] \
      Telling[topic,tense,construct,polarity,number,neutral]
    4 Subject[topic,main,construct,number,neutral] \
      Finite[topic,main,tense,construct,polarity,number,neutral]
    2 Subject[topic,side,construct,number,neutral] \
      Finite[topic,side,tense,construct,polarity,number,neutral]
Clause[topic,tense,construct,polarity,number,valence]
    3 Subject[topic,people,construct,number,valence] \
      Finite[topic,people,tense,construct,polarity,number,neutral]
    6 Subject[topic,people,construct,number,neutral] \
      Telling[topic,tense,construct,polarity,number,valence]
    2 Subject[topic,people,construct,number,hue] \
      Finite[topic,people,tense,construct,polarity,number,valence]
    2 Subject[topic,main,construct,number,valence] \
      Finite[topic,main,tense,construct,polarity,number,neutral]
    4 Subject[topic,main,construct,number,neutral] \
      Finite[topic,main,tense,construct,polarity,number,valence]
    1 Subject[topic,side,construct,number,valence] \
      Finite[topic,side,tense,construct,polarity,number,neutral]
    2 Subject[topic,side,construct,number,neutral] \
      Finite[topic,side,tense,construct,polarity,number,valence]
    1 Subject[topic,thing,construct,number,hue] \
      Finite[topic,thing,tense,construct,polarity,number,valence]
"""

SENTENCES = """
Somewhere[topic]
    3 Place[topic]
    2 in City

# What may follow a main clause.
Tail[topic,tense,construct,neutral]
    5 Somewhere[topic]
    6 Time[tense,construct]
    6 Somewhere[topic] Time[tense,construct]
    1 Reason[topic,tense,neutral]
    1 Circumstance[topic,tense,neutral]
Tail[topic,tense,construct,valence]
    3 Reason[topic,tense,valence]
    1 Circumstance[topic,tense,valence]

Statement[topic,tense,polarity,number,tone]
    9 Declaration[topic,tense,verb,polarity,number,tone]
    3 Declaration[topic,tense,progressive,polarity,number,tone]
    4 Declaration[topic,tense,state,polarity,number,tone]
Statement[topic,present,polarity,number,tone]
    6 Declaration[topic,present,verb,polarity,number,tone]
Declaration[topic,tense,construct,polarity,number,neutral]
    4 Clause[topic,tense,construct,polarity,number,neutral] .
    9 Clause[topic,tense,construct,polarity,number,neutral] Tail[topic,tense,construct,neutral] .
    2 Time[tense,construct] Clause[topic,tense,construct,polarity,number,neutral] .
    0.4 Circumstance[topic,tense,neutral] , Clause[topic,tense,construct,polarity,number,neutral] .
    0.4 Clause[topic,tense,construct,polarity,number,neutral] , but Small[topic,tense,neutral] .
Declaration[topic,tense,construct,polarity,number,valence]
    4 Clause[topic,tense,construct,polarity,number,valence] .
    4 Clause[topic,tense,construct,polarity,number,valence] Tail[topic,tense,construct,neutral] .
    0.8 Clause[topic,tense,construct,polarity,number,neutral] Tail[topic,tense,construct,valence] .
    0.4 Clause[topic,tense,construct,polarity,number,valence] Tail[topic,tense,construct,hue] .
    1 Time[tense,construct] Clause[topic,tense,construct,polarity,number,valence] .
    0.2 Circumstance[topic,tense,shade] , Clause[topic,tense,construct,polarity,number,valence] .
    0.2 Circumstance[topic,tense,valence] , Clause[topic,tense,construct,polarity,number,neutral] .
    0.2 Clause[topic,tense,construct,polarity,number,valence] , but Small[topic,tense,shade] .
    0.2 Clause[topic,tense,construct,polarity,number,neutral] , but Small[topic,tense,valence] .
    2 Comment[valence] , Clause[topic,tense,construct,polarity,number,neutral] .
    0.5 Comment[valence] , Clause[topic,tense,construct,polarity,number,hue] .
    1 Clause[topic,tense,construct,polarity,number,neutral] , which \
      Copula[tense,affirmative,singular] Verdict[valence] .
    0.3 Clause[topic,tense,construct,polarity,number,hue] , which \
      Copula[tense,affirmative,singular] Verdict[valence] .

# Questions: the auxiliary (`Operator`), the subject, and the rest (`Asked`).
Operator[tense,verb,number]
    1 Do[tense,number]
Operator[past,progressive,number]
    1 Be[past,number]
Operator[past,state,number]
    1 Be[past,number]
Operator[present,progressive,number]
    1 Be[present,number]
Operator[present,state,number]
    1 Be[present,number]
Operator[future,progressive,number]
    1 will
Operator[future,state,number]
    1 will
Asked[topic,kind,tense,verb,affirmative,tone]
    1 Action[topic,kind,base,affirmative,tone]
Asked[topic,kind,tense,verb,negative,tone]
    1 not Action[topic,kind,base,negative,tone]
Asked[topic,kind,past,construct,polarity,tone]
    1 Being[topic,kind,construct,polarity,tone]
Asked[topic,kind,present,construct,polarity,tone]
    1 Being[topic,kind,construct,polarity,tone]
Asked[topic,kind,future,progressive,affirmative,tone]
    1 be Action[topic,kind,ing,affirmative,tone]
Asked[topic,kind,future,progressive,negative,tone]
    1 not be Action[topic,kind,ing,negative,tone]
Asked[topic,kind,future,state,affirmative,tone]
    1 be State[topic,kind,affirmative,tone]
Asked[topic,kind,future,state,negative,tone]
    1 not be State[topic,kind,negative,tone]
Being[topic,kind,progressive,affirmative,tone]
    1 Action[topic,kind,ing,affirmative,tone]
Being[topic,kind,progressive,negative,tone]
    1 not Action[topic,kind,ing,negative,tone]
Being[topic,kind,state,affirmative,tone]
    1 State[topic,kind,affirmative,tone]
Being[topic,kind,state,negative,tone]
    1 not State[topic,kind,negative,tone]

Inverted[topic,tense,construct,polarity,number,neutral]
    6 Operator[tense,construct,number] Subject[topic,people,construct,number,neutral] \
      Asked[topic,people,tense,construct,polarity,neutral]
    3 Operator[tense,construct,number] Subject[topic,main,construct,number,neutral] \
      Asked[topic,main,tense,construct,polarity,neutral]
    1 Operator[tense,construct,number] Subject[topic,side,construct,number,neutral] \
      Asked[topic,side,tense,construct,polarity,neutral]
Inverted[topic,tense,construct,polarity,number,valence]
    3 Operator[tense,construct,number] Subject[topic,people,construct,number,valence] \
      Asked[topic,people,tense,construct,polarity,neutral]
    6 Operator[tense,construct,number] Subject[topic,people,construct,number,neutral] \
      Asked[topic,people,tense,construct,polarity,valence]
    3 Operator[tense,construct,number] Subject[topic,main,construct,number,neutral] \
      Asked[topic,main,tense,construct,polarity,valence]
    1 Operator[tense,construct,number] Subject[topic,side,construct,number,neutral] \
      Asked[topic,side,tense,construct,polarity,valence]
    1 Operator[tense,construct,number] Subject[topic,kind,construct,number,hue] \
      Asked[topic,kind,tense,construct,polarity,valence]

YesNo[topic,tense,polarity,number,tone]
    9 Polar[topic,tense,verb,polarity,number,tone]
    3 Polar[topic,tense,progressive,polarity,number,tone]
    4 Polar[topic,tense,state,polarity,number,tone]
Polar[topic,tense,construct,polarity,number,neutral]
    2 Inverted[topic,tense,construct,polarity,number,neutral] ?
    2 Inverted[topic,tense,construct,polarity,number,neutral] Tail[topic,tense,construct,neutral] ?
Polar[topic,tense,construct,polarity,number,valence]
    2 Inverted[topic,tense,construct,polarity,number,valence] ?
    2 Inverted[topic,tense,construct,polarity,number,valence] Tail[topic,tense,construct,neutral] ?
    .4 Inverted[topic,tense,construct,polarity,number,neutral] Tail[topic,tense,construct,valence] ?
    0.2 Inverted[topic,tense,construct,polarity,number,valence] Tail[topic,tense,construct,hue] ?

# "how" asks for a manner and "where" for a place, so they ask about people who do something.
Wh[topic,tense,polarity,number,tone]
    3 why Inverted[topic,tense,verb,polarity,number,tone] ?
    2 why Inverted[topic,tense,state,polarity,number,tone] ?
    2 why Inverted[topic,tense,progressive,polarity,number,tone] ?
    1 why Inverted[topic,tense,verb,polarity,number,tone] Tail[topic,tense,verb,neutral] ?
    1 which Core[topic,people,number,tone] Finite[topic,people,tense,verb,polarity,number,neutral] ?
    1 which Core[topic,people,number,neutral] \
      Finite[topic,people,tense,progressive,polarity,number,tone] ?
    1 which Core[topic,main,number,neutral] Finite[topic,main,tense,state,polarity,number,tone] ?
Wh[topic,tense,polarity,singular,tone]
    3 who Finite[topic,people,tense,verb,polarity,singular,tone] ?
    1 who Finite[topic,people,tense,progressive,polarity,singular,tone] ?
Wh[topic,tense,affirmative,number,tone]
    2 when Inverted[topic,tense,verb,affirmative,number,tone] ?
    1 when Inverted[topic,tense,state,affirmative,number,tone] ?
    2 where Do[tense,number] Simple[topic,people,number,neutral] \
      Action[topic,people,base,affirmative,tone] ?
    1 where Operator[tense,progressive,number] Simple[topic,people,number,neutral] \
      Asked[topic,people,tense,progressive,affirmative,tone] ?
    1 how Do[tense,number] Simple[topic,people,number,neutral] \
      Doing[topic,base,affirmative,tone] ?
Wh[topic,tense,affirmative,number,neutral]
    1 which Core[topic,thing,other,neutral] Do[tense,number] Full[topic,people,number,neutral] \
      Transitive[topic,people,thing,base] ?
Wh[topic,tense,negative,number,neutral]
    1 which Core[topic,thing,other,neutral] Do[tense,number] Full[topic,people,number,neutral] \
      not Transitive[topic,people,thing,base] ?
"""
