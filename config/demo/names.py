"""Names and places for invented customers: first names by the decades in which they were given."""

#: The first year of birth, the last, women's names, men's names.
GERMAN = (
    (
        1942, 1959,
        ("Renate Helga Ursula Ingrid Karin Monika Christa Gisela Brigitte Barbara Hannelore Elke"
         " Heidemarie Rosemarie Edeltraud Margarethe"),
        ("Klaus Jürgen Manfred Dieter Wolfgang Horst Bernd Günter Karl-Heinz Gerhard Rolf Heinrich"
         " Friedrich Hans-Peter Eberhard Siegfried"),
    ),
    (
        1960, 1977,
        ("Sabine Susanne Petra Andrea Claudia Birgit Martina Heike Katrin Anja Silke Tanja Verena"
         " Nicole Stefanie Bettina Cornelia Kerstin"),
        ("Thomas Michael Andreas Stefan Frank Matthias Jörg Ralf Uwe Torsten Markus Christian Jens"
         " Sven Oliver Dirk Reto Beat"),
    ),
    (
        1978, 1991,
        ("Julia Sarah Katharina Anna Christina Lisa Jana Franziska Johanna Maria Eva Miriam Nadine"
         " Charlotte Ursina Theresa Elisabeth Clara"),
        ("Sebastian Daniel Jan Florian Tobias Benjamin Philipp Moritz David Simon Johannes Dominik"
         " Fabian Konrad Georg Martin Patrick Björn"),
    ),
    (
        1992, 2006,
        ("Lea Marie Sophie Emma Hannah Ida Mathilda Greta Frieda Lotte Helene Luise Mia Lina Paula"
         " Nele Aylin Amelie"),
        ("Jonas Paul Felix Lukas Ben Finn Oskar Anton Emil Karl Theo Max Gustav Elias Noah Mats"
         " Emre Leonard"),
    ),
)  # fmt: skip
ENGLISH = (
    (
        1946, 2003,
        "Alice Grace Emily Charlotte Amelia Olivia Sophia Isabella Eleanor Harriet Margaret Ruth",
        "Oliver Harry George Jack Thomas William Henry Arthur Edward Callum Niall Hugh",
    ),
)  # fmt: skip
GERMAN_FAMILIES = (
    "Albrecht Arnold Bauer Beck Behrens Böhm Brandt Busch Dietrich Egger Engel Fischer Franke Frei"
    " Graf Gruber Haas Hartmann Hofer Hoffmann Horn Huber Jäger Kaufmann Keller Klein Koch König"
    " Kraus Krüger Kühn Lang Lehmann Lindner Lorenz Maurer Meier Müller Neumann Ott Peters Pfeiffer"
    " Pohl Richter Roth Sauer Schäfer Schilling Schmidt Schneider Schröder Schulz Schuster Schwarz"
    " Seidel Simon Sommer Stein Steiner Thiele Vogel Vogt Voß Wagner Weber Weiß Werner Winkler"
    " Winter Wolff Yıldız Ziegler Zimmer Zimmermann Nowak Ahrens Bergmann Claasen Dorn Ebert Fink"
    " Gerlach Heller Iversen Janssen Kessler Lüders Marquardt Nolte Oltmanns Petersen Quast Rieger"
    " Stark Tietjen Ulrich Volkmann Wendt Zeller"
)
ENGLISH_FAMILIES = (
    "Barnes Bennett Carter Clarke Cole Fox Grant Hughes Knight Marsh Palmer Reed Turner Ward"
    " Whitfield Byrne Kelly Murray Sinclair Doyle"
)

#: How many of a hundred live there; country, postal code, city, time zone.
GERMAN_HOMES = (
    *((share, "DE", code, city, "Europe/Berlin") for share, code, city in (
        (11, "10115", "Berlin"), (10, "20095", "Hamburg"), (7, "80331", "München"),
        (6, "50667", "Köln"), (4, "60311", "Frankfurt am Main"), (4, "70173", "Stuttgart"),
        (4, "28195", "Bremen"), (4, "04109", "Leipzig"), (4, "01067", "Dresden"),
        (3, "30159", "Hannover"), (3, "90402", "Nürnberg"), (3, "40213", "Düsseldorf"),
        (3, "26721", "Emden"), (2, "26506", "Norden"), (2, "24103", "Kiel"), (2, "23552", "Lübeck"),
        (2, "18055", "Rostock"), (2, "48143", "Münster"), (2, "79098", "Freiburg im Breisgau"),
        (2, "99084", "Erfurt"), (1, "93047", "Regensburg"), (1, "37073", "Göttingen"),
        (1, "54290", "Trier"), (1, "89073", "Ulm"), (1, "17489", "Greifswald"),
    )),
    (6, "AT", "1010", "Wien", "Europe/Vienna"),
    (2, "AT", "8010", "Graz", "Europe/Vienna"),
    (1, "AT", "5020", "Salzburg", "Europe/Vienna"),
    (4, "CH", "8001", "Zürich", "Europe/Zurich"),
    (2, "CH", "3011", "Bern", "Europe/Zurich"),
)  # fmt: skip
ENGLISH_HOMES = (
    (4, "GB", "SW1A 1AA", "London", "Europe/London"),
    (2, "GB", "EH1 1YZ", "Edinburgh", "Europe/London"),
    (2, "IE", "D02 X285", "Dublin", "Europe/Dublin"),
    (3, "DE", "10405", "Berlin", "Europe/Berlin"),
)
