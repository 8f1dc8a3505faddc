"""Invented names of people and streets, and the short sentences of rationales.

Everything here is made up from common words: forenames and surnames are paired at random, and
no street, postcode or sentence belongs to a real person, place or case.
"""

# fmt: off
FORENAMES = {
    ("White", "F"): ("Amber", "Bethany", "Chloe", "Demi", "Ellie", "Freya", "Grace", "Holly",
        "Isla", "Jodie", "Kayleigh", "Lacey", "Megan", "Niamh", "Olivia", "Paige", "Rhianna",
        "Shannon", "Tia", "Zoe", "Courtney", "Leah", "Millie", "Abigail", "Lucy", "Erin"),
    ("White", "M"): ("Aidan", "Ben", "Callum", "Dylan", "Ethan", "Finley", "George", "Harvey",
        "Jack", "Kian", "Liam", "Mason", "Nathan", "Owen", "Riley", "Sam", "Toby", "Tyler"),
    ("Asian", "F"): ("Aisha", "Fatima", "Hafsa", "Iqra", "Khadija", "Maryam", "Nadia", "Rabia",
        "Safa", "Sana", "Zara", "Anjali", "Meera", "Simran", "Priya", "Noor", "Amina"),
    ("Asian", "M"): ("Adil", "Bilal", "Daniyal", "Faisal", "Hamza", "Imran", "Junaid", "Kamran",
        "Nabeel", "Omar", "Rohan", "Saad", "Tariq", "Usman", "Yusuf", "Arjun", "Zain"),
    ("European", "F"): ("Adela", "Daniela", "Ivana", "Katarina", "Lenka", "Maria", "Monika",
        "Nikola", "Oliwia", "Petra", "Simona", "Vanesa", "Zuzana"),
    ("European", "M"): ("Adam", "David", "Filip", "Jakub", "Kamil", "Marek", "Milan", "Patrik",
        "Roman", "Stefan", "Tomas", "Viktor"),
    ("Black", "F"): ("Abena", "Blessing", "Chantelle", "Esther", "Grace", "Imani", "Naomi",
        "Ruth", "Tamika"),
    ("Black", "M"): ("Caleb", "Daniel", "Emmanuel", "Isaac", "Jerome", "Joel", "Kofi", "Marcus"),
}
SURNAMES = {
    "White": ("Ashworth", "Barker", "Clough", "Denton", "Ellison", "Fielding", "Greaves",
        "Hartley", "Ibbotson", "Jagger", "Kershaw", "Lister", "Marsden", "Naylor", "Ogden",
        "Priestley", "Rushworth", "Sugden", "Thornley", "Varley", "Whitaker", "Sykes", "Booth",
        "Holroyd", "Crossley", "Dyson", "Firth", "Hirst", "Pickles", "Shackleton", "Wade"),
    "Asian": ("Ahmed", "Akhtar", "Aziz", "Begum", "Chaudhry", "Hussain", "Iqbal", "Khan",
        "Mahmood", "Malik", "Mirza", "Patel", "Qureshi", "Rahman", "Sharma", "Singh", "Yaqub"),
    "European": ("Balog", "Cerny", "Dunka", "Horvath", "Kovac", "Kowalski", "Lakatos", "Novak",
        "Nowak", "Petrov", "Polak", "Sivak", "Tokar", "Zelenka"),
    "Black": ("Adeyemi", "Bailey", "Boateng", "Campbell", "Francis", "Mensah", "Nkosi",
        "Okafor", "Osei", "Palmer", "Wilson"),
}
ONLINE = ("star", "sky", "luna", "pixel", "ziggy", "comet", "maple", "echo", "indie", "nova")
STREETS = ("Alderfold", "Birkstone", "Calderwick", "Dovecote", "Elderby", "Fernlea", "Goosegate",
    "Hazelcroft", "Inghall", "Jessamine", "Kitterby", "Larchfold", "Millbeck", "Netherby",
    "Oatfield", "Pinderlow", "Quarryfold", "Rooksnest", "Silverthwaite", "Tanfold", "Upperlea",
    "Violetholme", "Weaverlow", "Yewcroft")
STREET_KINDS = ("Avenue", "Close", "Court", "Crescent", "Drive", "Grove", "Lane", "Mount",
    "Road", "Row", "Street", "Terrace", "View", "Way")
POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

FIRST_REASONS = {
    "HIGH": ("Several indicators at once", "Repeated missing episodes with unknown adults",
        "Contact with adults of concern confirmed", "Concerns from three agencies agree"),
    "MEDIUM": ("Some indicators present", "Unexplained absences from school",
        "Contact with older peers of concern", "Concerns about online contact"),
    "LOW": ("One indicator, well supported at home", "Early concern about online contact",
        "Change of friends noticed by school", "Isolated absence, explained in part"),
    "NO_RISK": ("No indicator of exploitation found", "Concern explained after checks",
        "Checks with all agencies found nothing of concern", "Other need, passed to early help"),
}
CHANGE_REASONS = {
    "up": ("New information from a partner agency", "Missing twice since the last review",
        "Contact with services has dropped", "School reports renewed absence"),
    "down": ("Working well with the allocated worker", "School attendance has recovered",
        "No missing episode since the last review", "Family reports steady progress",
        "Contact with people of concern has ended"),
    "same": ("No change since the last review", "Plan is working, more time needed",
        "Some progress, concerns remain", "Awaiting the outcome of the current work"),
}
ENDINGS = ("agreed at the weekly meeting.", "all agencies agree.", "plan updated.",
    "to be looked at again at the next review.", "child's view recorded.", "carers informed.",
    "supported by school and social care.", "recorded with the views of police and health.")
# fmt: on
