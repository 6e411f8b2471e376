"""Names, streets, towns and products of the demo. All people are invented."""

from __future__ import annotations

from typing import NamedTuple


class Town(NamedTuple):
    """A town: figures of its size are rounded, for the demo only."""

    name: str
    postal_code: str
    area_code: str
    zone: str
    latitude: float
    longitude: float
    population: int
    urban_class: str


# French towns carry their real postal code, INSEE code and school holiday zone
TOWNS = [
    Town("Paris", "75011", "75056", "C", 48.859, 2.379, 2113000, "dense"),
    Town("Paris", "75015", "75056", "C", 48.841, 2.300, 2113000, "dense"),
    Town("Paris", "75018", "75056", "C", 48.892, 2.344, 2113000, "dense"),
    Town("Boulogne-Billancourt", "92100", "92012", "C", 48.835, 2.241, 121000, "dense"),
    Town("Versailles", "78000", "78646", "C", 48.802, 2.130, 83900, "dense"),
    Town("Montreuil", "93100", "93048", "C", 48.864, 2.443, 111000, "dense"),
    Town("Vincennes", "94300", "94080", "C", 48.847, 2.439, 48700, "dense"),
    Town("Melun", "77000", "77288", "C", 48.540, 2.660, 42800, "intermediate"),
    Town("Marseille", "13006", "13055", "B", 43.287, 5.381, 873000, "dense"),
    Town("Aix-en-Provence", "13100", "13001", "B", 43.530, 5.447, 147000, "dense"),
    Town("Lyon", "69003", "69123", "A", 45.757, 4.853, 520000, "dense"),
    Town("Lyon", "69007", "69123", "A", 45.734, 4.838, 520000, "dense"),
    Town("Villeurbanne", "69100", "69266", "A", 45.767, 4.880, 156000, "dense"),
    Town("Toulouse", "31000", "31555", "C", 43.604, 1.444, 504000, "dense"),
    Town("Nice", "06000", "06088", "B", 43.703, 7.266, 348000, "dense"),
    Town("Antibes", "06600", "06004", "B", 43.580, 7.125, 74000, "dense"),
    Town("Nantes", "44000", "44109", "B", 47.218, -1.554, 323000, "dense"),
    Town("Saint-Nazaire", "44600", "44184", "B", 47.273, -2.214, 72300, "intermediate"),
    Town("Montpellier", "34000", "34172", "C", 43.611, 3.877, 302000, "dense"),
    Town("Strasbourg", "67000", "67482", "B", 48.573, 7.752, 291000, "dense"),
    Town("Bordeaux", "33000", "33063", "A", 44.838, -0.579, 262000, "dense"),
    Town("Arcachon", "33120", "33009", "A", 44.653, -1.168, 11600, "intermediate"),
    Town("Lille", "59000", "59350", "B", 50.629, 3.057, 236000, "dense"),
    Town("Dunkerque", "59140", "59183", "B", 51.034, 2.377, 86800, "intermediate"),
    Town("Rennes", "35000", "35238", "B", 48.117, -1.678, 225000, "dense"),
    Town("Saint-Malo", "35400", "35288", "B", 48.649, -2.026, 47200, "intermediate"),
    Town("Grenoble", "38000", "38185", "A", 45.189, 5.725, 157000, "dense"),
    Town("Avignon", "84000", "84007", "B", 43.949, 4.806, 90300, "intermediate"),
    Town("Gordes", "84220", "84050", "B", 43.911, 5.200, 1700, "rural"),
    Town("Bourg-en-Bresse", "01000", "01053", "A", 46.205, 5.226, 42200, "intermediate"),
    Town("Gex", "01170", "01173", "A", 46.333, 6.058, 13600, "intermediate"),
    Town("Saint-Quentin", "02100", "02691", "B", 49.847, 3.287, 52900, "intermediate"),
    Town("Vichy", "03200", "03310", "A", 46.128, 3.426, 25000, "intermediate"),
    Town("Manosque", "04100", "04112", "B", 43.829, 5.783, 22600, "intermediate"),
    Town("Gap", "05000", "05061", "B", 44.559, 6.079, 41000, "intermediate"),
    Town("Privas", "07000", "07186", "A", 44.735, 4.599, 8600, "rural"),
    Town("Charleville-Mézières", "08000", "08105", "B", 49.762, 4.726, 46400, "intermediate"),
    Town("Foix", "09000", "09122", "C", 42.966, 1.607, 9500, "rural"),
    Town("Troyes", "10000", "10387", "B", 48.297, 4.074, 62100, "intermediate"),
    Town("Caen", "14000", "14118", "B", 49.183, -0.371, 107000, "dense"),
    Town("Dijon", "21000", "21231", "A", 47.322, 5.041, 159000, "dense"),
    Town("Beaune", "21200", "21054", "A", 47.026, 4.840, 20500, "intermediate"),
    Town("Quimper", "29000", "29232", "B", 47.996, -4.102, 63600, "intermediate"),
    Town("Nîmes", "30000", "30189", "C", 43.837, 4.360, 148000, "dense"),
    Town("Tours", "37000", "37261", "B", 47.394, 0.685, 138000, "dense"),
    Town("Angers", "49000", "49007", "B", 47.478, -0.563, 157000, "dense"),
    Town("Reims", "51100", "51454", "B", 49.258, 4.032, 179000, "dense"),
    Town("Nancy", "54000", "54395", "B", 48.692, 6.184, 104000, "dense"),
    Town("Pau", "64000", "64445", "A", 43.295, -0.371, 77000, "intermediate"),
    Town("Perpignan", "66000", "66136", "C", 42.699, 2.896, 119000, "dense"),
    Town("Annecy", "74000", "74010", "A", 45.899, 6.129, 131000, "dense"),
    Town("Rouen", "76000", "76540", "B", 49.443, 1.100, 114000, "dense"),
    Town("Poitiers", "86000", "86194", "A", 46.580, 0.340, 90200, "intermediate"),
    Town("Ajaccio", "20000", "2A004", "B", 41.919, 8.739, 73800, "intermediate"),
]
FOREIGN_TOWNS = {
    "BE": [("Bruxelles", "1050"), ("Liège", "4000"), ("Namur", "5000")],
    "CH": [("Genève", "1204"), ("Lausanne", "1003"), ("Fribourg", "1700")],
    "DE": [("Freiburg im Breisgau", "79098"), ("Köln", "50667"), ("Berlin", "10115")],
}

REGIONS = {
    "11": "Île-de-France",
    "24": "Centre-Val de Loire",
    "27": "Bourgogne-Franche-Comté",
    "28": "Normandie",
    "32": "Hauts-de-France",
    "44": "Grand Est",
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d'Azur",
    "94": "Corse",
}
# code: name, region, population in thousands, inhabitants per square kilometre
DEPARTMENTS = {
    "01": ("Ain", "84", 671, 116),
    "02": ("Aisne", "32", 522, 71),
    "03": ("Allier", "84", 334, 45),
    "04": ("Alpes-de-Haute-Provence", "93", 167, 24),
    "05": ("Hautes-Alpes", "93", 141, 25),
    "06": ("Alpes-Maritimes", "93", 1114, 259),
    "07": ("Ardèche", "84", 333, 60),
    "08": ("Ardennes", "44", 267, 51),
    "09": ("Ariège", "76", 155, 32),
    "10": ("Aube", "44", 311, 52),
    "13": ("Bouches-du-Rhône", "93", 2069, 407),
    "14": ("Calvados", "28", 702, 126),
    "21": ("Côte-d'Or", "27", 537, 61),
    "29": ("Finistère", "53", 927, 138),
    "2A": ("Corse-du-Sud", "94", 164, 41),
    "30": ("Gard", "76", 763, 130),
    "31": ("Haute-Garonne", "76", 1457, 231),
    "33": ("Gironde", "75", 1674, 168),
    "34": ("Hérault", "76", 1219, 200),
    "35": ("Ille-et-Vilaine", "53", 1119, 165),
    "37": ("Indre-et-Loire", "24", 615, 100),
    "38": ("Isère", "84", 1295, 174),
    "44": ("Loire-Atlantique", "52", 1478, 217),
    "49": ("Maine-et-Loire", "52", 829, 116),
    "51": ("Marne", "44", 563, 69),
    "54": ("Meurthe-et-Moselle", "44", 730, 139),
    "59": ("Nord", "32", 2611, 455),
    "64": ("Pyrénées-Atlantiques", "75", 698, 91),
    "66": ("Pyrénées-Orientales", "76", 491, 119),
    "67": ("Bas-Rhin", "44", 1165, 245),
    "69": ("Rhône", "84", 1909, 588),
    "74": ("Haute-Savoie", "84", 851, 194),
    "75": ("Paris", "11", 2113, 20040),
    "76": ("Seine-Maritime", "28", 1257, 200),
    "77": ("Seine-et-Marne", "11", 1452, 245),
    "78": ("Yvelines", "11", 1471, 644),
    "84": ("Vaucluse", "93", 568, 159),
    "86": ("Vienne", "75", 440, 63),
    "92": ("Hauts-de-Seine", "11", 1647, 9378),
    "93": ("Seine-Saint-Denis", "11", 1681, 7116),
    "94": ("Val-de-Marne", "11", 1427, 5824),
}
SHOPS = [  # id, town, weight in thousands of visits a year
    ("S01", "Paris", 240),
    ("S02", "Lyon", 150),
    ("S03", "Aix-en-Provence", 130),
    ("S04", "Nantes", 90),
    ("S05", "Lille", 85),
    ("S06", "Toulouse", 80),
    ("S07", "Strasbourg", 60),
    ("S08", "Avignon", 45),
]

# ruff: noqa: SIM905 - names in lines are easier to read and to add to than one a line
FIRST_NAMES = {
    "female": """Marie Camille Léa Manon Chloé Sarah Océane Juliette Élodie Nathalie Isabelle Sylvie
        Catherine Françoise Monique Hélène Valérie Sandrine Véronique Christine Brigitte Florence Aurélie
        Mélanie Pauline Mathilde Clémence Anaïs Zoé Inès Yasmine Fatima Aïcha Agnès Béatrice Corinne Delphine
        Émilie Gaëlle Noémie Ophélie Solène Thérèse Virginie Anne-Sophie Marie-Claire Bérénice Héloïse Maëlys
        Garance Apolline Rose Lucie Margaux Jeanne Wendy Perrine Rachida Linh Ségolène""".split(),
    "male": """Jean Pierre Michel Philippe Alain Nicolas Christophe Patrick Thomas Julien Sébastien
        Frédéric Laurent Stéphane Olivier Guillaume Antoine Maxime Alexandre Romain Hugo Lucas Théo Mathis
        Raphaël Gabriel Léo Noé Yanis Mohamed Karim Rachid Benoît Cédric Damien Étienne Fabrice Gérard Hervé
        Jérôme Loïc Mickaël Ludovic Quentin Rémi Tanguy Ulysse Vincent Xavier Yves Jean-Baptiste Pierre-Yves
        François Aurélien Bastien Corentin Gaspard Anatole Octave Bruno""".split(),
}
LAST_NAMES = [
    *"""Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel
        Lefebvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent
        Muller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia
        Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont
        Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier
        Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert
        Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq
        Guillaume Lecomte López Jean Dupuy Guillot Hubert Berger Carpentier Sánchez Dupuis Moulin Louis
        Deschamps Huet Vasseur Pérez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot
        Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernández Collet
        Léger Bouvier Julien Prévost Millet Perrot Daniel Cousin Germain Breton Besson Langlois Rémy Pelletier
        Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud
        Rodríguez Guichard Gillet Étienne Grondin Poulain Tessier Chevallier Collin Chauvin Bouchet Gay Lemaître
        Bénard Maréchal Humbert Reynaud Antoine Hoarau Perret Barthélemy Cordier Pichon Lejeune Gilbert Lamy
        Delaunay Pasquier Carlier Laporte N'Diaye Traoré Benali Haddad Nguyen""".split(),
    "Le Goff",
    "Le Gall",
    "Le Roux",
    "de La Tour",
    "d'Ornano",
    "de Villeneuve",
    "du Plessis",
    "de Saint-Exupère",
    "L'Hermitte",
    "Van den Berghe",
    "Dos Santos",
    "Da Silva",
    "Ben Youssef",
    "Le Bihan",
    "des Forêts",
]
STREETS = [
    "rue de la République",
    "avenue Victor Hugo",
    "rue des Lilas",
    "place du Marché",
    "rue Pasteur",
    "boulevard Gambetta",
    "rue de l'Église",
    "chemin des Vignes",
    "impasse des Oliviers",
    "rue du Moulin",
    "allée des Tilleuls",
    "quai des Chartrons",
    "rue Jean Jaurès",
    "rue Sainte-Catherine",
    "avenue de la Gare",
    "route de Nîmes",
    "cours Mirabeau",
    "rue du Faubourg Saint-Denis",
    "rue Voltaire",
    "rue des Écoles",
]
# numbers that no subscriber has (set aside by the regulator for films and books), valid in form
PHONE_PREFIXES = ["019900", "026191", "035301", "046571", "053649"]
MAIL_DOMAINS = ["mail.example", "orange.example", "free.example", "poste.example", "sfr.example"]

OCCUPATIONS = [
    "employee",
    "manager",
    "teacher",
    "nurse",
    "craftsperson",
    "retired",
    "student",
    "self-employed",
    "farmer",
]
EDUCATIONS = ["none", "secondary", "vocational", "bachelor", "master"]
SECTORS = ["hotel", "restaurant", "spa", "gift shop", "office"]
COMPANY_FORMS = {
    "hotel": ["Hôtel du Parc", "Hôtel des Voyageurs", "Le Grand Hôtel", "Auberge du Pont", "Hôtel Bellevue"],
    "restaurant": ["La Table de Margot", "Chez Augustin", "Le Bistrot du Port", "L'Olivier", "Brasserie du Théâtre"],
    "spa": ["Spa Azur", "Les Bains de Jade", "Institut Éclat", "Thermes du Lac"],
    "gift shop": ["L'Atelier des Cadeaux", "Au Petit Bonheur", "La Boîte à Merveilles", "Comptoir du Sud"],
    "office": ["Cabinet Moreau et Fils", "Étude Lambert", "Agence Horizon", "Studio Garrigue"],
}
LEGAL_FORMS = ["SARL", "SAS", "EURL", "SA"]

# category: code of its products, usual price in euros
CATEGORIES = {
    "fragrance": ("FR", 24.0),
    "skincare": ("SK", 29.0),
    "linen": ("LI", 42.0),
    "tableware": ("TA", 36.0),
    "grocery": ("GR", 7.5),
    "garden": ("GA", 31.0),
    "children": ("CH", 22.0),
    "professional": ("PR", 140.0),
}
SEARCH_TERMS = {
    "fragrance": ["bougie lavande", "diffuseur", "parfum maison", "idée cadeau"],
    "skincare": ["crème de nuit", "savon d'Alep", "sérum", "huile de rose"],
    "linen": ["parure de lit", "serviette", "soldes linge", "drap lin"],
    "tableware": ["assiette grès", "verres", "nappe", "service à thé"],
    "grocery": ["miel", "huile d'olive", "tisane"],
    "garden": ["pot terre cuite", "lanterne", "arrosoir", "hamac"],
    "children": ["doudou", "savon bébé", "veilleuse", "gigoteuse"],
    "professional": ["savon 5L", "lot 50 serviettes", "facture pro"],
}

TICKETS = {  # topic: satisfaction, texts
    "delivery": (
        2.3,
        [
            "Ma commande n'est toujours pas arrivée, le suivi n'a pas bougé depuis cinq jours.",
            "Colis livré chez le voisin sans avis de passage.",
            "My parcel is late again, where is it?",
            "Livraison en retard de deux semaines, c'est long.",
        ],
    ),
    "refund": (
        2.0,
        [
            "J'attends mon remboursement depuis trois semaines.",
            "Retour envoyé le mois dernier, aucun remboursement.",
            "I sent the towels back and want my money refunded.",
        ],
    ),
    "quality": (
        2.6,
        [
            "La bougie est arrivée cassée.",
            "Le tissu a rétréci au premier lavage, qualité décevante.",
            "Broken plate in the box, please replace it.",
            "La crème a changé de texture, est-elle périmée ?",
        ],
    ),
    "price": (
        3.1,
        [
            "Le code promo n'est pas accepté au panier.",
            "Prix plus cher qu'en boutique, pourquoi ?",
            "The discount code does not work.",
        ],
    ),
    "advice": (
        4.5,
        [
            "Quelle huile conseillez-vous pour une peau sensible ?",
            "Merci pour vos conseils, la boutique est superbe !",
            "Which size fits a 160 cm bed?",
            "Ce savon convient-il à un bébé de trois mois ?",
        ],
    ),
    "invoice": (
        3.8,
        [
            "Merci d'envoyer la facture avec le numéro de TVA.",
            "Il manque la facture de juin.",
            "Please send an invoice.",
        ],
    ),
}
NPS_TEXTS = {
    "high": [
        "Très belle boutique, accueil parfait",
        "Livraison rapide, merci !",
        "Love the scents",
        "Produits naturels",
    ],
    "middle": ["Correct, sans plus", "Un peu cher", "Good but pricey", "Choix limité en boutique"],
    "low": ["Livraison trop lente", "Qualité en baisse", "Never got my refund", "Trop d'e-mails publicitaires"],
}
