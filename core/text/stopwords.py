"""Words that carry grammar and no subject, folded. They are left out of stems and tell languages.

Question words are among them: "quando" in a question does not look for the word "quando".
"""

_PORTUGUESE = """
a ao aos aquela aquelas aquele aqueles aquilo as ate com como cada cade da das de dela delas dele
deles depois do dos e ela elas ele eles em entre era eram essa essas esse esses esta estamos estao
estar estas estava estavam este esteja estes esteve estive estou eu foi fomos for fora foram fosse
fossem fui ha haja havia hei houve isso isto ja la lhe lhes mais mas me mesmo mesma meu meus minha
minhas muito muita muitos muitas na nao nas nem no nos nossa nossas nosso nossos num numa o onde os
ou para pela pelas pelo pelos per perante pois por porque porem pra qual quais qualquer quando
quanto quanta quantos quantas que quem se seja sejam sem sendo ser sera serao seria seriam seu seus
so sob sobre sua suas tal tambem tao te tem temos tendo tenha tenham tenho ter tera terao teria teve
tinha tinham tive tiver to toda todas todo todos tu tua tuas tudo um uma umas uns vai vao vem voce
voces vos vou pode podem posso podemos poder devo deve devem fazer faz faco fazem feito existe
existem ai ali aqui entao assim ainda apenas oi ola favor gostaria quero queria saber dizer diga
"""

_ENGLISH = """
a about after again all also am an and any are as at be because been before being below between
both but by can cannot could d did do does doing don during each either else for from further had
has have having he her here hers herself him himself his how i if in into is isn it its itself just
ll m may me might more most must my myself no nor not of off on once only or other our ours out over
own please re s same shall she should so some such t tell than that the their theirs them themselves
then there these they this those through to too under until up upon us ve very was we were what when
where whether which while who whom whose why will with would you your yours yourself
"""

PORTUGUESE = frozenset(_PORTUGUESE.split())
ENGLISH = frozenset(_ENGLISH.split())

# what tells the languages apart: words of the one that are none (or rare) in the other
PORTUGUESE_SIGNS = PORTUGUESE - ENGLISH - {"for", "tu", "tal", "per", "vem"}
ENGLISH_SIGNS = ENGLISH - PORTUGUESE - {"do", "as", "d", "m", "i", "am", "re"}
