"""Names that are names: first names, those that stand for one another, and last names that many people have.

Twins share everything but the first name, and `Lea` is one letter from `Leo`, as far as a typing error is from the name
that was meant. So two different names of this list are two people, and a name that is not on it may be an error. Names
in one row of `VARIANTS` are taken for the same name. A last name that many have says less: `COMMON_LAST_NAMES` are
about the thirty commonest ones each of France, Germany, Spain, Italy, Great Britain, and fewer of their neighbours.
"""


def _words(text: str) -> list[str]:
    return text.split()


_COMMON = _words("""
aaron abdel abdelkader abdou abel achille ada adam adama adele adeline adem adil adrian adriana adrien adrienne agathe
agnes ahmed aicha aida aime aimee ainhoa alain alan alba alban albane albert alberte albin alex alexa alexander
alexandra alexandre alexia alexis alfred ali alice alicia alina aline alison alissa alix aliya alma alois aloys
alphonse amadou amandine ambre ambroise amel amelia amelie amin amina amine amir amira amy ana anael anais anas
anastasia anatole andre andrea andreas andree andy ange angela angele angelina angelique anita anna annabelle annaelle
anne annette annick annie anouck anouk anselm anthony antoine antoinette antonin antonio apolline ari ariane arianna
ariel arielle aristide arlette armand armande armel armelle arnaud arsene arthur arwen astrid athenais auguste
augustin augustine aure aurelia aurelie aurelien aurore ava avril axel axelle aya ayden aylin aymeric ayoub aziz
baptiste barbara bartholome basile bastien beatrice benedicte benedikt benjamin benoit berenice bernadette bernard
bernd bernhard berthe bertrand bettina bilal blaise blanche blandine boris boubacar brahim brice brieuc brigitte
britta bruno bryan calie calliste calvin camelia camille candice capucine carine carl carla carlos carmen carole
caroline carsten cassandra cassandre catherine cecile cecilia cedric celeste celestin celia celian celina celine cesar
chantal charlene charles charlie charline charlotte chiara chloe christa christel christelle christian christiane
christina christine christof christophe cindy claire clara clarisse claude claudette claudia claudie claudine claudius
clea clelia clemence clement clementine cleo clothilde clotilde clovis colette colin coline constance constant
constantin coralie corentin corinne cornelia cosme cynthia cyprien cyril cyrille daisy dalia damien dan dana daniel
daniela daniele danielle danny daphne david dean deborah delphine denis denise desire desiree detlef diane didier
diego dieter dimitri dina dirk djibril dominique donatien dora dorian dorine doris dorothea dorothee dylan eden edgar
edith edmee edmond edmonde edouard edwige eileen elaia elea eleanor elena eleonore elfriede elia eliana elias elie
eliette eline eliott elisa elisabeth elise eliza ella ellen ellie elliot elodie eloi eloise elora elsa elvire elya
elyes elyna emeline emeric emerick emil emile emilia emilie emilien emilienne emilio emily emma emmanuel emmanuelle
emmy emy enora enzo eric erica erich erik erika ernest ernestine ernst erwan erwin esmee esteban estelle esther ethan
etienne etta eugene eugenie eva evan eve eveline evelyn evelyne ewen ezio fabian fabien fabienne fabio fabrice fanny
fanta farah farid fatiha fatima fatou fatoumata faustine felicie felicien felicite felix ferdinand fernand fernande
fernando fiona flavie flavien flora florence florent florentin florentine florian floriane florine francesca francesco
francine francis francisco franck francois francoise frank frederic frederique fritz gabin gabriel gabriela gabrielle
gael gaelle gaetan gaetane garance gaspard gaston gauthier gautier genevieve geoffrey geoffroy george georges
georgette georgina gerald geraldine gerard gerd gerda gerhard germain germaine ghislain ghislaine giani gilbert
gilberte gilles gina ginette giovanni gisele giulia gloria goran grace gregoire gregory gudrun guenther guilhem
guillaume gustav gustave guy gwenael gwenaelle gwendoline hamza hana hanae hanna hannah hannes hans harald harriet
harry hartmut hasna hassan hatem heidi heike heinrich heinz helena helene helga helmut heloise henri henriette henry
herbert hermann hermine hermione herve hilaire hilda hildegard hippolyte holger honore horst hortense houda hubert
hugo hugues huguette ibrahim ibrahima ida ignace igor ilan ilana ilhan iliana ilona ilse ilyan ilyana ilyes imane
imran ines inge ingrid irene irina iris irma isaac isabella isabelle isaline isidore ismael israel issa ivan ivana ivy
jack jackie jacky jacob jacqueline jacques jad jade jake james jamila jan jana jane janet janine janis jannik jasmin
jasmine jason jasper jean jeanne jeannette jeannine jenna jennifer jenny jens jeremie jeremy jerome jessica jessy
jihane jimmy joachim joan joana joanna joao joaquin jocelyn jocelyne joe joel joelle joerg joey johan johann johanna
johannes john jolan jonas jonathan jordan jordi jose joseline joseph josephine josette joshua josiane josie josselin
josue joyce juan juanita jude judith juergen jules julia julian juliana julie julien julienne juliette juline julio
justin justine kader kadiatou kais kamel kamil karen karim karima karin karine karl karla karsten kassim katia katja
kay keith kelly kelyan ken kenny kenza kenzo kevin khadidja khadija khalid kilian killian klara klaus konrad kurt kyle
kylian kylie laetitia laila lambert lana lara larissa lars laszlo laura laure laureline laurence laurent laurette
laurie laurine lazare lea leana leandre leandro leane lena lenaig lene lenny leny leo leocadie leon leonard leonardo
leonce leonie leonore leontine leopold leslie leticia lewis leyla lia liam lidia lila lili lilia lilian liliane lilly
lilou lily lina linda line lino linus lionel lisa lisandro lise lison liv livia liya loan loane loann loic lois lola
lorenzo loris lothar lou louane louann louca louis louisa louise louison louka loup luc luca lucas luce lucette lucia
lucian lucie lucien lucienne lucile lucille ludivine ludmila ludovic luigi luis luisa luka lukas luna lya lyam lydia
lydie lyna lynn lyse madeleine madeline madison mado mae mael maelie maelle maelys maeva magali magalie magdalena
maggy mahaut mai maia maika maina maissa malek malia malick malik malika mallory malo malone mamadou manel manfred
manon manuel manuela marc marceau marcel marcelin marceline marcelle marco marcus margaret margarita margaux margot
marguerite maria mariam mariama marian marianne marie mariella marielle mariette marilou marilyn marin marina marine
mario marion marius marjorie mark marko markus marlene marley marlon marta martha marthe martial martin martina
martine marvin mary maryam maryline maryse maryvonne mateo mathias mathieu mathilde mathis mathys matteo matthias
matthieu maud maude maurice mauricette max maxence maxim maxime maximilian maximilien maya maylis megane mehdi melanie
melina meline melissa melody melvin melvyn meriem meryem mia michael michaela michel michele micheline michelle
mickael miguel mika mikael mila milan milena milo mina minh mira miranda mireille miriam moana mohamed mohammed moise
mona monica monika monique morgan morgane morgiane moritz mouna mounir moussa muriel murielle mustapha mya mylan
mylene myriam nadege nadia nadine nael nahel naim naima naomi narcisse nassim natacha natalia natalie nathalie nathan
nathanael nawel neil nell nella nelly nelson nesrine nestor nicolas nicole nicolle nihad nils nina nino noa noah noam
noe noel noelie noeline noella noelle noemie noham nolan nolwenn nora norah norbert norman nour oceane octave octavie
odette odile odilon olaf olga olive oliver olivia olivier olympe omar ombeline ophelie orane oriane orlane orson oscar
osman ottilie otto oumar oumou ousmane ovide owen pablo paco pacome paloma pamela paola paolo parfait pascal pascale
pascaline patrice patricia patrick patrik paul paula paule paulette paulin pauline pedro peggy penelope perla pernelle
perrine peter petra petronille philippe philippine philomene pia pierre pierrette pierrick pio placide prisca
priscilla priscille prosper prudence quentin quitterie rabah rachel rachid rachida rafael raffael ragna rainer raissa
ralf ralph ramon ramona ramzi raoul raphael raphaelle rayan rayane raymond raymonde rebecca reda regine regis reine
reinhard reinhold remi remy renate renaud rene renee reynald riad ricardo richard richarde rita robert roberte roberto
robin robyn roch rodolphe rodrigo rodrigue roger rokia roland rolande rolf romain romaine roman romance romane romeo
romuald romy ronald ronan rosa rosalie rose roseline roselyne rosemarie rosine roxane roxanne ruben rudi rudolf rudy
ruediger rufus ruth ryan saad sabine sabrina sacha safia said saida salim salima salma salome salvatore sam samantha
sami samia samir samira sammy samson samuel samy sandra sandrine sandro sandy santiago sara sasha saul savannah
sebastian sebastien selena selim selma seraphin seraphine serena serge sergio servane severin severine shaina shana
shanna shirley sidonie siegfried siham silas silke silvia silvio simeon simon simona simone sixte sixtine sofia
sofiane soizic solal solange solene soline sonia sonja sophia sophie soraya soren souad soumaya stan stanislas steeve
stefan stefanie stella stephan stephane stephanie steve steven stuart sunny suzanne suzette suzy sven svenja swan
swann sybille sylvain sylvaine sylvestre sylvette sylvia sylviane sylvie tanguy tania tara tatiana ted teddy telma
telmo teo teresa tess tessa thais thea theo theodore theophane theophile theotime theresa therese thiago thibault
thierry thomas thorsten tiago tiana tim timeo timon timothe timothee tina tino tobias tom toma toni tony tracy tristan
trystan tuan ugo ulrich ulrike umar urban ursula ursule uta ute uwe valentin valentina valentine valere valeria
valerian valerie valerio valery vanessa vanina vera verena veronika veronique vianney vicky victoire victor victoria
victorien victorine vincent vincente violaine violet violette virgile virginia virginie vivian viviane vivien vivienne
vladimir volker wael walid walter wanda warren wendy werner wilfrid wilfried wilhelm willem william willy winona
wissam wolfgang xavier xaviere yael yan yanis yann yanna yannick yannis yasmina yasmine yasser yassin yassine ylan
yoan yoann yohan yohann yolaine yolande youcef younes youri youssef yusuf yvan yves yvette yvon yvonne zacharie
zachary zakaria zara zelie zeynep zoe zohra zora
""")

# each row is one name: other spellings, and short forms that are rarely given as names of their own in the same family
_VARIANTS = [
    "alexander alexandre aleksander",
    "antoine anthoine toine",
    "benjamin benji benj",
    "catherine katherine katharina kathrin katrin cathy kathy",
    "cedric cedrik",
    "christophe kristof christof cristophe christoph",
    "claire clair",
    "clement clem",
    "corinne corine",
    "dominique dom domi",
    "eddy eddie",
    "elisabeth elizabeth",
    "emmanuel manu",
    "eric erik erich",
    "frederic fred freddy frederick friedrich",
    "frederique frederike",
    "gerard gege",
    "guillaume guigui",
    "hannah hana hanna",
    "henri henry",
    "ines inez",
    "jacqueline jacotte",
    "jerome gerome",
    "jeremie jeremy",
    "johan johann yohan yohann",
    "jonathan jonathon",
    "josephine jo",
    "julien juju",
    "karim kareem",
    "katia katja",
    "lea leah",
    "laetitia letitia",
    "louane louanne",
    "margot margaux",
    "mathias matthias",
    "mathieu matthieu mathieux",
    "mathis mathys",
    "maxime maxim",
    "melanie mel",
    "michael mickael mikael mike",
    "mohamed mohammed muhammad mohammad mohand med",
    "nathalie natalie",
    "nicolas nicholas nico niko",
    "noemie naomie",
    "noa noah",
    "olivier oliver",
    "patrick patrik pat",
    "pascal pasqual",
    "philippe philip phillippe philipp phil",
    "raphael rafael raf",
    "remi remy",
    "robert bob bobby",
    "sacha sasha",
    "samuel sammy",
    "sara sarah",
    "sebastien sebastian seb",
    "stephane stephan stefan steph",
    "stephanie stefanie",
    "sophie sofie",
    "sylvain silvain",
    "sylvie silvie",
    "theo teo",
    "theodore theodor",
    "thibault thibaut thibaud tibo",
    "thierry thiery",
    "thomas tomas thom",
    "timothee timothe",
    "victor viktor",
    "vincent vince",
    "walter walther",
    "wilfried wilfrid",
    "yann yan",
    "yoann yoan",
    "yasmine yasmina",
    "youssef yusuf youcef",
]

# first form of the row -> others
VARIANTS: dict[str, str] = {form: row.split()[0] for row in _VARIANTS for form in row.split()}
GIVEN_NAMES: frozenset[str] = frozenset(_COMMON) | frozenset(VARIANTS)

COMMON_LAST_NAMES: frozenset[str] = frozenset(
    name.replace("_", " ")
    for name in _words("""
andre bernard bertrand bonnet david dubois dupont durand faure fontaine fournier girard lambert laurent lefebvre
lefevre leroy martin michel moreau morel muller petit richard robert rousseau roux simon thomas vincent bauer
becker braun fischer hartmann hoffmann hofmann klein koch krause krueger lange meier meyer mueller neumann
richter schaefer schmidt schmitt schmitz schneider schroeder schulz schwarz wagner weber werner wolf zimmermann
alonso alvarez diaz dominguez fernandez garcia gil gomez gonzalez gutierrez hernandez jimenez lopez martinez
moreno munoz navarro perez ramirez ramos rodriguez romero ruiz sanchez serrano torres vazquez barbieri bianchi
bruno colombo conti costa de_luca esposito ferrari fontana gallo giordano greco lombardi mancini marino moretti
ricci rizzo romano rossi russo santoro almeida carvalho da_silva dos_santos fernandes ferreira gomes goncalves
lopes marques martins oliveira pereira ribeiro rodrigues santos silva soares sousa bakker bos de_boer de_jong
de_vries dekker jansen janssen janssens maes mertens peeters smit van_dijk van_den_berg visser willems anderson
brown clarke davies evans green hall harris hughes jackson johnson jones lewis roberts robinson smith taylor
thompson turner walker watson white williams wilson wood wright ahmed ali amrani belhadj bouaziz brahimi cherif
diallo hadj haddad mansouri saidi traore
""")
)
