"""Words that every topic shares, as rule schemata.

Their tone is that of the word alone; the rules see to it that negation turns a judgement round
("was not delicious" makes a negative sentence, "did not sing badly" a positive one).
"""

SHARED = """
Name[feminine]
    2 anna | maria | emma | laura | julia | sarah
    2 alice | clara | diana | elena | fiona | grace
    2 hannah | irene | jane | kate | lily | mary
    2 nina | olivia
    1 paula | rachel | sofia | tina | ursula | vera
    1 wendy | zoe | amy | beth | carol | donna
    1 ella | frida | gina | heidi | ida | judy
    1 karen | linda | megan | nora | ruth | stella
    1 tessa
Name[masculine]
    2 david | peter | daniel | thomas | robert | paul
    2 adam | brian | carl | dennis | edward | frank
    2 george | henry | ivan | jack | kevin | leo
    2 martin | nathan
    1 oscar | philip | ralph | simon | tom | victor
    1 walter | alan | bruno | chris | derek | eric
    1 fred | gary | hugo | ian | james | keith
    1 luke | max | neil | owen | patrick | ryan
    1 steven
Surname
    1 smith | jones | taylor | wilson | evans | walker | wright | hall
    1 green | clarke | hughes | edwards | hill | lewis | harris | turner
    1 cooper | ward | morris | bell | shaw | murphy | bailey | foster
    1 gibson | hart | jordan | knight | lloyd | mason | newman | osborne
    1 palmer | quinn | russell | stone | thorne | vance | wells | yates
Year[past]
    1 1960 | 1961 | 1962 | 1963 | 1964 | 1965 | 1966 | 1967 | 1968 | 1969
    1 1970 | 1971 | 1972 | 1973 | 1974 | 1975 | 1976 | 1977 | 1978 | 1979
    1 1980 | 1981 | 1982 | 1983 | 1984 | 1985 | 1986 | 1987 | 1988 | 1989
    1 1990 | 1991 | 1992 | 1993 | 1994 | 1995 | 1996 | 1997 | 1998 | 1999
    1 2000 | 2001 | 2002 | 2003 | 2004 | 2005 | 2006 | 2007 | 2008 | 2009
    1 2010 | 2011 | 2012 | 2013 | 2014 | 2015 | 2016 | 2017 | 2018 | 2019
Year[future]
    1 2030 | 2031 | 2032 | 2033 | 2034 | 2035 | 2036 | 2037 | 2038 | 2039
    1 2040 | 2041 | 2042 | 2043 | 2044 | 2045 | 2046 | 2047 | 2048 | 2049
City
    2 london | paris | berlin | rome | madrid | vienna
    2 lisbon | dublin | oslo | athens | prague | warsaw
    1 cairo | delhi | tokyo | beijing | boston | chicago
    1 denver | dallas | toronto | sydney | geneva | helsinki
Day
    1 monday | tuesday | wednesday | thursday | friday | saturday | sunday
Month
    1 january | february | march | april | may | june
    1 july | august | september | october | november | december
Pronoun[singular]
    1 he | she
Pronoun[plural]
    1 we | they

Pointer[singular]
    2 this
    1 that
Pointer[plural]
    2 these
    1 those
Possessive[number]
    2 my | our
    1 his | her | their
Quantity[number]
    2 two | some | many
    1 three | several

# Adjectives of people before a noun, and after "be".
Human[neutral]
    3 young | old
    2 tall | local | elderly
    1 retired
Human[positive]
    3 kind | brilliant
    2 friendly | talented | polite
Human[negative]
    3 rude | lazy
    2 careless | selfish | arrogant
Condition[neutral]
    3 busy | tired
    2 sleepy | late | quiet | nervous
Condition[positive]
    2 kind | brilliant | friendly | polite
    3 happy | cheerful
Condition[negative]
    2 rude | lazy | careless | selfish
    3 angry | miserable
General[neutral]
    2 new | old
    1 small | large | strange
General[positive]
    2 wonderful | excellent
    1 great | lovely
General[negative]
    2 terrible | awful
    1 horrible | dreadful
Degree[affirmative]
    3 very
    2 quite | rather
    1 extremely
Degree[negative]
    3 very
    2 always

# How a deed was meant, and how well it was done.
Manner[neutral]
    2 quickly | slowly | quietly | carefully
    1 again
Manner[positive]
    2 happily | gladly | cheerfully
    1 proudly | gracefully
Manner[negative]
    2 carelessly | clumsily | angrily
    1 lazily | nervously
Mastery[positive]
    2 beautifully | perfectly | brilliantly
Mastery[negative]
    2 badly | terribly | poorly
Motion[neutral]
    2 quickly | slowly | suddenly
    1 again

Comment[positive]
    3 luckily | fortunately
    2 thankfully
Comment[negative]
    3 sadly | unfortunately
    2 regrettably
Verdict[positive]
    2 a delight | a great success
    1 a pleasant surprise | a relief
Verdict[negative]
    2 a disaster | a great shame
    1 a nasty surprise | a disgrace

Before[past]
    2 often | finally | already
    1 suddenly | once
Before[present]
    2 often | usually | always
    1 sometimes
Before[future]
    2 probably | soon
    1 certainly | finally

Glad[positive]
    1 glad | delighted | pleased
Glad[negative]
    1 sorry | upset | disappointed

Time[past,construct]
    4 yesterday
    3 last week | last night
    2 last month | two days ago
    1 an hour ago | in the morning
    4 on Day | in Month
    8 in Year[past]
Time[present,verb]
    4 every day
    3 every week | every morning
    2 at night | on weekends
    1 twice a week | in summer
Time[present,progressive]
    4 now
    3 at the moment | today
    2 right now
    1 this morning
Time[present,state]
    3 today | now
    2 these days | at the moment
    1 this week
Time[future,construct]
    4 tomorrow
    3 next week | soon
    2 tonight | next month
    1 in an hour
    4 on Day | in Month
    6 in Year[future]

Do[past,number]
    1 did
Do[present,singular]
    1 does
Do[present,plural]
    1 do
Do[future,number]
    1 will
Be[past,singular]
    1 was
Be[past,plural]
    1 were
Be[present,singular]
    1 is
Be[present,plural]
    1 are
Copula[past,affirmative,number]
    1 Be[past,number]
Copula[past,negative,number]
    1 Be[past,number] not
Copula[present,affirmative,number]
    1 Be[present,number]
Copula[present,negative,number]
    1 Be[present,number] not
Copula[future,affirmative,number]
    1 will be
Copula[future,negative,number]
    1 will not be

Because[past]
    3 because
    1 although
Because[present]
    3 because
    1 although
Because[future]
    1 because
When[past]
    3 when
    2 after | before
    1 while
When[present]
    3 when
    2 if
    1 while
When[future]
    3 when | if
    2 after | before
"""

# Verbs that go with any topic. NEUTRAL ones and those of liking take things, PERSONAL ones people,
# CONTROL ones "to" and a bare verb, OPINION ones a that-clause.
NEUTRAL = "describe mention ignore remember"
PERSONAL = "thank call meet/met help"
CONTROL = "try hope plan refuse promise"
OPINION = "think/thought say/said believe know/knew/known"
LIKING = {"positive": "like enjoy love admire", "negative": "hate dislike detest despise"}
