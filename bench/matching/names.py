"""Invented people by the thousand: names as England, South Asia, Eastern Europe and Roma families give them.

Each spelling of a name stands beside the others that people write for it; forenames and surnames are paired
at random, and nobody here is anybody.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

ORIGINS = ("English", "South Asian", "Eastern European", "Roma")
SHARES = (50, 28, 14, 8)

# fmt: off
# One name on a line of slashes: its spellings. The first is what a register has most often.
FORENAMES = {
    "English": """Abigail/Abbigail Alfie/Alfy Alice/Alys Amelia/Emelia Amy/Aimee Archie Ava Bethany/Bethanie Brandon
        Callum/Calum/Kallum Caitlin/Katelyn/Kaitlyn Cameron/Kameron Charlotte/Charlott Chloe/Khloe Connor/Conor/Konnor
        Courtney/Kourtney Daisy Declan Demi/Demmi Dylan/Dillon Eleanor/Elinor Ellie/Elly Emily/Emilie Erin/Aaron Ethan
        Evie/Evy Faith Finley/Finlay Freya/Freyja Georgia/Jorja Grace Hannah/Hanna Harriet Harry Harvey/Harvie
        Hayley/Hailey/Haley Heidi Holly/Hollie Imogen Isabel/Isobel/Isabelle Isla Jack Jacob/Jakob Jade/Jayde James Jamie/Jaime
        Jasmine/Jazmin/Yasmin Jayden/Jaden Jessica/Jessika Jodie/Jody Jordan/Jordon Joseph Joshua Kaiden/Caden
        Katherine/Catherine/Kathryn Katie/Katy Kayleigh/Kayley/Caleigh Keira/Kiera/Kyra Kian/Cian Lacey/Lacy Lauren/Loren Leah/Lia/Leia
        Leo Lewis/Louis Lexi/Lexie Libby Liam Lily/Lilly Logan Lola Louise Lucy/Lucie Luke Lydia Madison/Maddison Maisie/Maisy
        Mason Matthew/Mathew Max Megan/Meghan Mia/Mya Millie/Milly Molly/Mollie Morgan Nathan Natasha Niamh/Neve Nicole/Nichole
        Oliver Olivia/Alivia Oscar Owen Paige Phoebe/Pheobe Poppy Rebecca/Rebekah Reece/Rhys Rhianna/Rihanna/Reanna Riley/Rylee
        Rosie Ruby Ryan Samuel Sarah/Sara Scarlett/Scarlet Shannon Sian Sienna Skye/Sky Sophie/Sophy Summer Taylor/Tayla
        Thomas Tia/Tiah Toby Tyler/Tylor William Zachary/Zackary Zoe/Zoey""",
    "South Asian": """Aaliyah/Aliya/Alia Abdullah/Abdulla Abdul/Abdal Adeel/Adil Ahmed/Ahmad/Ahmet Aisha/Ayesha/Aysha/Aisya Ali/Aly
        Amina/Ameena/Aamina Amir/Aamir/Ameer Amna/Aamna Anaya/Anaiya Anjali/Anjli Arjun/Arjan Asif/Aasif Asma/Asmaa Ayaan/Ayan
        Bilal/Belal Bushra Danyal/Daniyal/Daniyaal Farah/Farrah Faisal/Faysal/Fesal Farhan Fatima/Fatema/Fathima Faizan/Fayzan
        Gurpreet/Gurprit Hafsa/Hafsah Hamza/Hamzah Haroon/Harun/Haroun Harpreet/Harprit Hassan/Hasan Hira Hussain/Hussein/Husain/Hossain
        Ibrahim/Ebrahim/Ibraheem Imran/Emran Inaya/Inayah Iqra/Ikra Ishaq/Isaac Isma/Ismah Ismail/Ismaeel/Esmail Jamila/Jameela
        Junaid/Junayd Kamran/Kamraan Khadija/Khadeeja/Khadijah Khalid/Khaled Laiba/Layba Lubna Maha Mahnoor/Mahnur Maryam/Mariam/Miriam
        Meera/Mira Mohammed/Muhammad/Mohammad/Mohamed/Muhammed Mohsin/Mohsen Mustafa/Mostafa Nabeel/Nabil Nadia/Nadiya Naila/Nayla
        Naveed/Navid Nazia/Naziya Nimra Noor/Nur/Nour Omar/Umar/Umer Parveen/Parvin Priya/Pria Rabia/Rabiya Rahim/Raheem Rashid/Rasheed
        Rayyan/Rayan Rehan/Rayhan Rizwan/Ridwan Ruqayyah/Rukaya/Ruqaya Saad Saba/Sabah Sadia/Sadiya Safa/Safaa Sahil Saima/Sayma
        Salman/Salmaan Sameer/Samir Sana/Sanaa Sarfraz Shabnam Shahid/Shaheed Shaista Shazia/Shaziya Simran/Simren Sohail/Suhail
        Sufyan/Sufian Suleman/Sulaiman/Suleyman Sumaya/Sumayyah Tahir/Taher Tariq/Tarik Tayyab/Tayab Umair/Omair Usman/Uthman/Osman
        Waqar/Vakar Waseem/Wasim Yahya/Yahia Yasir/Yaser Yusuf/Yousaf/Yousef/Youssef Zahid/Zaheed Zahra/Zara Zain/Zayn/Zane
        Zainab/Zaynab/Zeinab Zakariya/Zakaria/Zachariah Zeeshan/Zishan""",
    "Eastern European": """Adela/Adéla Agnieszka/Agnieska Alena Aleksandra/Alexandra/Oleksandra Aleksander/Alexander Andrej/Andrei/Andrey
        Aneta/Anetta Anna/Ana Barbora Bartosz/Bartos Bogdan/Bohdan Damian/Damyan Daniela/Danijela Darina/Daryna David/Dawid
        Dimitar/Dimitur Dominik/Dominic Dorota Dragana Edita Elena/Jelena/Yelena Emilia/Emilija Eva/Ewa Filip/Philip Gabriela
        Georgi/Georgy Grzegorz/Gregor Hana/Hanna Ioana/Joana Iryna/Irina Ivan/Iwan Ivana/Iwana Jakub/Yakub Jan/Yan Jana/Yana
        Jaroslav/Jaroslaw/Yaroslav Jozef/Josef/Yosif Julia/Yulia/Iulia Kamil/Camil Karolina/Carolina Katarzyna/Katarina/Kateryna
        Kinga Krzysztof/Kristof Ksenia/Xenia Kristina/Krystyna/Christina Lenka Lucia/Lucija Lukasz/Lukas/Lukash Maciej/Maciek
        Magdalena Maja/Maya/Maia Malgorzata Marek/Mark Maria/Mariya/Marija Martin/Marcin Martyna/Martina Mateusz/Matus/Mateus
        Michal/Mihal/Mykhailo Mihaela/Michaela/Mihaila Mikolaj/Nikolai/Mykola Milan/Milaan Milos/Milosh Monika/Monica Natalia/Nataliya
        Nikola/Nicola Oksana/Oxana Oliwia/Olivia Patrycja/Patricia Pavel/Pawel/Pavlo Petra Petr/Piotr/Petar Radoslav/Radoslaw
        Roksana/Roxana Roman Sandra Sergei/Serhiy/Sergiu Simona Stefan/Shtefan/Stepan Stefania/Stephania Svetlana/Swietlana
        Szymon/Simon Tomas/Tomasz Veronika/Weronika Viktor/Wiktor/Victor Viktoria/Wiktoria/Victoria Vladimir/Wladimir/Volodymyr
        Wojciech/Vojtech Yuliya/Julija Zbigniew Zofia/Sofia/Zsofia Zuzana/Zuzanna/Susana""",
    "Roma": """Adrian Albert Angela/Andzela Bianca/Bianka Brigita/Brigitta Carmen/Karmen Cristian/Kristian Daniel Denisa/Denissa
        Dzenifer/Jennifer/Dženifer Elvis/Elwis Erik/Eric Esmeralda/Esmeralta Evelina/Ewelina Florin Florinel Gheorghe/George
        Helena Ionut/Jonut Ivan/Iwan Jan/Yan Jolana/Yolana Josefa Julius/Gyula Kevin/Kewin Klaudia/Claudia Kristian/Christian
        Ladislav/Laszlo Larisa/Larissa Laura Lenka Leonardo Loredana/Loredana Ludovit/Ludvik Maria/Mariya Marian Mario Marius Martin
        Mihai/Mihaj Milan Mirela/Mirella Monika/Monica Nikoleta/Nicoleta Noemi Patrik/Patrick Rafael/Raphael Ramona Rebeka/Rebecca Renata
        Ricardo/Rikardo Robert Roberta Samanta/Samantha Samuel Sara Sebastian/Sebastijan Sorin Stela/Stella Stefan/Štefan/Shtefan
        Tibor Tomas/Tomáš Valentina/Walentina Vanesa/Vanessa/Wanesa Vasile/Vasil Viorel/Wiorel Zaneta/Žaneta/Janeta Zoltan/Zoltán""",
}
SURNAMES = {
    "English": """Abbott/Abbot Ackroyd/Akroyd Allen/Allan/Alan Armitage Ashworth/Ashforth Bailey/Bayley/Baillie Barker Barraclough/Barrowclough
        Beaumont Bell Bentley Booth/Boothe Bradley Briggs Broadbent Brook/Brooke Brown/Browne Butterworth Carter Clark/Clarke
        Clayton Clough/Cluff Cook/Cooke Crossley Crowther/Crouther Dawson Dean/Deane Denton Dixon/Dickson Drake Dyson Eastwood
        Ellis/Elliss Ellison Emmott/Emmet Farrar/Farrer Fielding Firth/Frith Fletcher Foster/Forster Fox Garside Gibson Gledhill
        Graham/Graeme Gray/Grey Greaves/Greeves Green/Greene Greenwood Haigh/Hague Hall Hanson/Hansen Hardcastle Hardy/Hardie Hargreaves
        Harris/Harries Hartley Hepworth Heaton Hill Hinchliffe/Hinchcliffe Hirst/Hurst Hodgson Holmes/Homes Holroyd Horsfall
        Howarth/Haworth Hughes/Hewes Illingworth Jackson Jagger Johnson/Johnston/Johnstone Jones Kaye/Kay Kershaw Lee/Leigh/Lea
        Lister Lockwood Lumb Marsden Marsh/March Marshall/Marshal Midgley Mitchell/Mitchel Moore/More Morris/Maurice Murgatroyd
        Naylor Nicholson/Nicolson Normington North Oldroyd Parker Parkinson Pearson/Pierson Phillips/Philips Pickles
        Priestley/Priestly Rawson Read/Reid/Reed Redfearn/Redfern Rhodes/Roads Richardson Roberts Robertshaw Rushworth Schofield/Scholefield
        Shackleton Sharp/Sharpe Shaw/Shore Sheard Shepherd/Sheppard/Shephard Smith/Smyth/Smithe Stead/Steed Stephenson/Stevenson Stott
        Sugden Sunderland Sutcliffe/Sutcliff Swift Sykes/Sikes Tattersall/Tattershall Taylor/Tayler Thompson/Thomson Thornton
        Tordoff Turner Varley Wade Walker Walsh/Welsh Ward/Warde Waterhouse Watson Webster Whitaker/Whittaker/Whiteaker White/Whyte
        Whitehead Wilkinson Wilson/Willson Wood/Woods Wright/Right""",
    "South Asian": """Abbas/Abas Afzal/Afsal Ahmed/Ahmad Akhtar/Aktar/Akther Akram/Acram Ali/Aly Alam/Alum Amin/Ameen Anwar/Anver
        Arif/Aarif Asghar/Azghar Ashraf Aslam/Islam Aziz/Azeez Bano/Banu Bashir/Basheer Begum/Begam Bhatti/Bhati Bi/Bibi Butt/Bhatt
        Chaudhry/Choudhury/Chowdhury/Chaudhary/Choudhry Dad Dar/Dhar Farooq/Faruk/Farook Ghafoor/Gafoor Gill/Ghill Gul Habib/Habeeb
        Hafeez/Hafiz Hanif/Haneef Haq/Haque/Huq Hussain/Hussein/Husain/Hossain/Hussian Iqbal/Ikbal/Eqbal Jabeen/Jabin Javed/Javaid/Jawed
        Kauser/Kausar/Kouser Kaur/Kour Khalid/Khaled Khan/Kahn Khaliq/Khalique Latif/Lateef Mahmood/Mehmood/Mahmud/Mahmoud Malik/Mallik
        Masood/Masud Mehboob/Mahbub Miah/Mia/Miya Mir/Meer Mirza/Mirsa Mohammed/Muhammad/Mohammad Mughal/Mogul Munir/Muneer
        Nawaz/Nawas/Navaz Nazir/Nasir/Nazeer Parveen/Perveen Patel/Pattel Qadir/Kadir/Qadeer Qureshi/Qureishi/Koreshi Rafiq/Rafique
        Rahman/Rehman/Rahmaan Raja/Rajah Rana Rashid/Rasheed Rauf/Raouf Razaq/Razzaq Raza/Reza Riaz/Riyaz Sabir/Saber Sadiq/Sadik
        Saeed/Said/Saeid Safdar Saleem/Salim Sarwar/Sarvar Shabir/Shabbir Shafi/Shafee Shah/Sha Shaheen/Shahin Sharif/Shareef/Sharief
        Sharma/Sarma Sheikh/Shaikh/Sheik Siddique/Siddiqui/Sadique Singh/Sing Sultan/Sulthan Syed/Sayed/Sayyid Tahir/Taher Uddin/Udin
        Ullah/Ulla Wahid/Waheed Yaqoob/Yaqub/Yakub Younis/Yunus/Younas Yousaf/Yusuf/Yousuf Zaman/Zamaan""",
    "Eastern European": """Adamczyk/Adamchik Angelov/Angelova Babic/Babich/Babić Balaz/Balazh/Baláž Baran Bartos/Bartosh Bielik Blazek/Blažek
        Bondarenko Boyko/Boiko Cerny/Cherny/Černý/Czerny Constantin/Konstantin Danko Dimitrov/Dimitrova Dobre Dumitrescu Duda Dvorak/Dvorzak/Dvořák
        Fiala Filipov/Filipova Georgiev/Georgieva Gorski/Gorska/Gursky Grabowski/Grabowska Hlavac/Hlavach Horak/Horák Hudak
        Iliev/Ilieva Ionescu/Jonescu Ivanov/Ivanova/Iwanow Jankowski/Jankowska/Yankovsky Jovanovic/Jovanović/Yovanovich Kaczmarek/Kachmarek Kaminski/Kaminska/Kamiński
        Kolar/Kolář Koleva/Kolev Kovac/Kovacs/Kovach/Kováč Kovalenko/Kowalenko Kowalczyk/Kovalchik/Kowalchyk Kowalski/Kowalska/Kovalsky Kozlowski/Kozlowska/Kozlovsky
        Krajci/Krajčí Kravchenko/Krawczenko Krol/Krul Kucera/Kuchera/Kučera Lewandowski/Lewandowska/Levandovsky Marinov/Marinova
        Markovic/Markovich/Marković Mazur/Masur Melnyk/Melnik Mihai/Mihaj Moldovan/Moldoveanu Molnar/Molnár Moravec/Moravets Nagy/Nadj
        Nemec/Nemets/Němec Nikolov/Nikolova/Nikolow Novak/Nowak/Novák Novotny/Novotna Olszewski/Olszewska/Olshevsky Pavlov/Pavlova/Pawlow Petrov/Petrova/Petrow
        Petkov/Petkova Petrovic/Petrovich/Petrović Piatek/Pientek Pokorny/Pokorna Popa Popescu Popov/Popova/Popow Prochazka/Procházka Rusu/Russu
        Sabo/Szabo/Szabó Savchenko/Sawczenko Shevchenko/Szewczenko/Ševčenko Sikora/Shikora Simek/Šimek/Shimek Stoyanov/Stoyanova/Stojanov Svoboda/Swoboda Szymanski/Szymanska/Shimansky
        Todorov/Todorova Tkachenko/Tkaczenko Toth/Tot/Tóth Urban/Urbán Vargova/Varga Vasilev/Vasileva/Wasilew Vesely/Vesela Wisniewski/Wisniewska/Vishnevsky
        Wojcik/Vojcik/Wójcik Wozniak/Vozniak Yordanov/Jordanova Zajac/Zayats/Zając Zelenka Zielinski/Zielinska/Zelinsky Zima""",
    "Roma": """Bado/Badho Badzo/Badžo Balog/Balogh Bandy/Bandi Baran Berky/Berki Bily/Bily Botos/Botosh Burai/Buraj Cana Ciorba/Chorba
        Cina/Čina Cicak/Čičák Ciurar/Churar Conka/Čonka/Chonka Covaci/Kovaci Danco/Danko Demeter Dirda Dunka/Dunca Farkas/Farkash Fecko/Feczko Ferko/Ferco
        Gabor/Gábor Gadzor Galyas/Galyash Gaspar/Gašpar/Gashpar Gina/Giňa/Ginya Godla Grundza Gunar/Gunár Guzi/Guzy Holub/Holup
        Horvath/Horvat/Horváth/Horwath Horvathova/Horvátová Husar/Hussar Ziga/Žiga/Zhiga Kandrac/Kandráč Kaleja/Kaleya Karika/Karica
        Kotlar/Kotlár Koky/Kokiova Kroscen/Kroščen/Kroschen Kuru Lacatus/Lakatus Lakatos/Lakatosh/Lakatoš Lacko/Latzko Lengyel/Lendel Makula/Makuła Maly/Mali Miko/Mika
        Mirga/Mirha Moldovan Muntean/Munteanu Olah/Oláh/Oláhová Orsos/Orsosh Pacan/Pačan/Pachan Pecha/Pechova Pesta/Pešta/Peshta Peter Pohlodko
        Puska/Puška/Pushka Puzova Radic/Radics/Radich Rostas/Rostash/Rostaš Ruzicka/Růžička Sarkozi/Šarközi/Sarkezi Sivak/Šivák/Shivak Slepcik/Slepčík Stan/Stán
        Stojka/Stoyka Tancos/Tancosh/Tancoš Tirpak/Tirpák Tokar/Tokár Tulej/Tuley Vadasz/Vadas Varady/Váradi/Waradi Ziga Zupko/Župko""",
}
# fmt: on
ONLINE = ("star", "sky", "luna", "pixel", "ziggy", "comet", "maple", "echo", "indie", "nova")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def _spellings(text: str) -> list[list[str]]:
    return [name.split("/") for name in text.split()]


_FORENAMES = {origin: _spellings(text) for origin, text in FORENAMES.items()}
_SURNAMES = {origin: _spellings(text) for origin, text in SURNAMES.items()}


@dataclass(frozen=True)
class Someone:
    """An invented child; the spellings are the other ways in which people write the same names."""

    origin: str
    forenames: str
    surname: str
    born: date
    gender: str
    nhs_number: str = ""
    upn: str = ""
    postcode: str = ""
    other_names: tuple[str, ...] = ()
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)


def someone(dice: Random, number: int) -> Someone:
    """Draw a child: common names more often, as they are; numbers and other names now and then."""
    [origin] = dice.choices(ORIGINS, SHARES)
    forename, surname = _commonly(dice, _FORENAMES[origin]), _commonly(dice, _SURNAMES[origin])
    called = [dice.choice(forename) if dice.random() < 0.4 else forename[0]]
    if dice.random() < 0.15:
        called.append(_commonly(dice, _FORENAMES[origin])[0])
    named = dice.choice(surname) if dice.random() < 0.4 else surname[0]
    spellings = {called[0]: tuple(forename), named: tuple(surname)}
    return Someone(
        origin=origin,
        forenames=" ".join(called),
        surname=named,
        born=date(2008, 1, 1) + timedelta(days=dice.randrange(18 * 365)),
        gender=dice.choice("FFFM"),
        nhs_number=f"{9_000_000_000 + number}" if dice.random() < 0.5 else "",
        upn=f"A{number:012}" if dice.random() < 0.4 else "",
        postcode=_postcode(dice),
        other_names=_other_names(dice, origin),
        spellings=spellings,
    )


def _commonly(dice: Random, names: list[list[str]]) -> list[str]:
    """Draw one: those that stand early by chance are commoner (a tenth of the names make a third)."""
    if dice.random() < 0.25:
        return names[(hash_of(names) + dice.randrange(max(1, len(names) // 10))) % len(names)]
    return dice.choice(names)


def hash_of(names: list[list[str]]) -> int:
    """Give where a list's common names begin: the same in each run."""
    return sum(len(spelling) for name in names for spelling in name)


def _other_names(dice: Random, origin: str) -> tuple[str, ...]:
    if dice.random() > 0.1:
        return ()
    if dice.random() < 0.4:
        return (f"{dice.choice(ONLINE)}{dice.randrange(10, 99)}",)
    return (f"{dice.choice(_FORENAMES[origin])[0]} {dice.choice(_SURNAMES[origin])[0]}",)


def _postcode(dice: Random) -> str:
    return f"BD{dice.randrange(1, 25)} {dice.randrange(1, 9)}{dice.choice(LETTERS)}{dice.choice(LETTERS)}"
