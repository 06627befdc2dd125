package memory

// named is a name in its own script and in Latin letters without accents.
type named struct{ native, latin string }

// origin is a stock of names that go together.
type origin struct {
	lang          string
	given, family []named
	familyFirst   bool
	between       string // of the two, when the family's comes first
}

var origins = []origin{
	{
		lang:   "en",
		given:  []named{{"Amelia", "Amelia"}, {"Oliver", "Oliver"}, {"Grace", "Grace"}, {"Henry", "Henry"}, {"Alice", "Alice"}, {"Thomas", "Thomas"}, {"Ruth", "Ruth"}, {"Edward", "Edward"}, {"Nora", "Nora"}, {"Liam", "Liam"}, {"Charlotte", "Charlotte"}, {"Miles", "Miles"}},
		family: []named{{"Smith", "Smith"}, {"Jones", "Jones"}, {"Taylor", "Taylor"}, {"Brown", "Brown"}, {"O'Connor", "O'Connor"}, {"Walker", "Walker"}, {"Clarke", "Clarke"}, {"Wright", "Wright"}, {"Lloyd-Parker", "Lloyd-Parker"}, {"Green", "Green"}, {"Baker", "Baker"}, {"Young", "Young"}},
	},
	{
		lang:   "pt",
		given:  []named{{"João", "Joao"}, {"Inês", "Ines"}, {"António", "Antonio"}, {"Conceição", "Conceicao"}, {"Tomás", "Tomas"}, {"Beatriz", "Beatriz"}},
		family: []named{{"Gonçalves", "Goncalves"}, {"Magalhães", "Magalhaes"}, {"Simões", "Simoes"}, {"Silva", "Silva"}, {"dos Santos", "dos Santos"}, {"Leitão", "Leitao"}},
	},
	{
		lang:   "de",
		given:  []named{{"Jürgen", "Juergen"}, {"Käthe", "Kaethe"}, {"Björn", "Bjoern"}, {"Anna", "Anna"}, {"Günther", "Guenther"}, {"Lena", "Lena"}},
		family: []named{{"Müller", "Mueller"}, {"Groß", "Gross"}, {"Schäfer", "Schaefer"}, {"Böhm", "Boehm"}, {"Weiß", "Weiss"}, {"Fischer", "Fischer"}},
	},
	{
		lang:   "fr",
		given:  []named{{"Zoé", "Zoe"}, {"François", "Francois"}, {"Hélène", "Helene"}, {"Benoît", "Benoit"}, {"Loïc", "Loic"}},
		family: []named{{"Lefèvre", "Lefevre"}, {"Noël", "Noel"}, {"Garçon", "Garcon"}, {"Dupont", "Dupont"}, {"d'Aubigné", "d'Aubigne"}},
	},
	{
		lang:   "es",
		given:  []named{{"José", "Jose"}, {"Begoña", "Begona"}, {"Íñigo", "Inigo"}, {"Lucía", "Lucia"}, {"Raúl", "Raul"}},
		family: []named{{"Núñez", "Nunez"}, {"García", "Garcia"}, {"Ibáñez", "Ibanez"}, {"Peña", "Pena"}, {"Romero", "Romero"}},
	},
	{
		lang:   "pl",
		given:  []named{{"Łukasz", "Lukasz"}, {"Małgorzata", "Malgorzata"}, {"Grażyna", "Grazyna"}, {"Paweł", "Pawel"}, {"Jan", "Jan"}},
		family: []named{{"Wójcik", "Wojcik"}, {"Dąbrowska", "Dabrowska"}, {"Łęcki", "Lecki"}, {"Żak", "Zak"}, {"Nowak", "Nowak"}},
	},
	{
		lang:   "cs",
		given:  []named{{"Jiří", "Jiri"}, {"Božena", "Bozena"}, {"Ondřej", "Ondrej"}, {"Žofie", "Zofie"}, {"Petr", "Petr"}},
		family: []named{{"Dvořák", "Dvorak"}, {"Němcová", "Nemcova"}, {"Šťastný", "Stastny"}, {"Černá", "Cerna"}, {"Beneš", "Benes"}},
	},
	{
		lang:   "sv",
		given:  []named{{"Åsa", "Asa"}, {"Örjan", "Orjan"}, {"Märta", "Marta"}, {"Göran", "Goran"}, {"Lars", "Lars"}},
		family: []named{{"Sjöberg", "Sjoberg"}, {"Ångström", "Angstrom"}, {"Nyström", "Nystrom"}, {"Hällström", "Hallstrom"}, {"Lind", "Lind"}},
	},
	{
		lang:   "is",
		given:  []named{{"Þórdís", "Thordis"}, {"Sigurður", "Sigurdur"}, {"Æsa", "Aesa"}, {"Guðrún", "Gudrun"}},
		family: []named{{"Jónsdóttir", "Jonsdottir"}, {"Þorsteinsson", "Thorsteinsson"}, {"Ragnarsson", "Ragnarsson"}, {"Sveinsdóttir", "Sveinsdottir"}},
	},
	{
		lang:   "tr",
		given:  []named{{"İbrahim", "Ibrahim"}, {"Ayşe", "Ayse"}, {"Gülşen", "Gulsen"}, {"Oğuz", "Oguz"}},
		family: []named{{"Yılmaz", "Yilmaz"}, {"Çelik", "Celik"}, {"Şahin", "Sahin"}, {"Öztürk", "Ozturk"}},
	},
	{
		lang:   "el",
		given:  []named{{"Ελένη", "Eleni"}, {"Γιώργος", "Giorgos"}, {"Νίκος", "Nikos"}, {"Αικατερίνη", "Aikaterini"}},
		family: []named{{"Παπαδόπουλος", "Papadopoulos"}, {"Γεωργίου", "Georgiou"}, {"Νικολαΐδης", "Nikolaidis"}, {"Ιωαννίδου", "Ioannidou"}},
	},
	{
		lang:   "ru",
		given:  []named{{"Ольга", "Olga"}, {"Дмитрий", "Dmitriy"}, {"Фёдор", "Fyodor"}, {"Юлия", "Yuliya"}},
		family: []named{{"Иванова", "Ivanova"}, {"Щербаков", "Shcherbakov"}, {"Королёв", "Korolyov"}, {"Кузнецов", "Kuznetsov"}},
	},
	{
		lang:   "ar",
		given:  []named{{"ليلى", "Layla"}, {"أحمد", "Ahmad"}, {"سارة", "Sara"}, {"يوسف", "Yusuf"}},
		family: []named{{"حداد", "Haddad"}, {"النجار", "Alnajjar"}, {"خوري", "Khoury"}, {"منصور", "Mansour"}},
	},
	{
		lang:   "he",
		given:  []named{{"נועה", "Noa"}, {"דוד", "David"}, {"תמר", "Tamar"}, {"יוסי", "Yossi"}},
		family: []named{{"כהן", "Cohen"}, {"לוי", "Levi"}, {"מזרחי", "Mizrahi"}, {"פרץ", "Peretz"}},
	},
	{
		lang:   "hi",
		given:  []named{{"प्रिया", "Priya"}, {"अर्जुन", "Arjun"}, {"दीपक", "Deepak"}, {"अनीता", "Anita"}},
		family: []named{{"शर्मा", "Sharma"}, {"पटेल", "Patel"}, {"गुप्ता", "Gupta"}, {"सिंह", "Singh"}},
	},
	{
		lang: "zh", familyFirst: true, between: "",
		given:  []named{{"伟", "Wei"}, {"芳", "Fang"}, {"秀英", "Xiuying"}, {"静", "Jing"}, {"磊", "Lei"}},
		family: []named{{"王", "Wang"}, {"李", "Li"}, {"张", "Zhang"}, {"欧阳", "Ouyang"}, {"陈", "Chen"}},
	},
	{
		lang: "ja", familyFirst: true, between: " ",
		given:  []named{{"陽子", "Yoko"}, {"健太", "Kenta"}, {"さくら", "Sakura"}, {"翔", "Sho"}, {"ユリ", "Yuri"}},
		family: []named{{"佐藤", "Sato"}, {"鈴木", "Suzuki"}, {"高橋", "Takahashi"}, {"渡辺", "Watanabe"}, {"小林", "Kobayashi"}},
	},
	{
		lang: "ko", familyFirst: true, between: "",
		given:  []named{{"민준", "Minjun"}, {"서연", "Seoyeon"}, {"지우", "Jiwoo"}, {"하은", "Haeun"}},
		family: []named{{"김", "Kim"}, {"이", "Lee"}, {"박", "Park"}, {"최", "Choi"}},
	},
	{
		lang: "vi", familyFirst: true, between: " ",
		given:  []named{{"Thị Hương", "Thi Huong"}, {"Đức", "Duc"}, {"Ngọc Ánh", "Ngoc Anh"}, {"Bảo", "Bao"}},
		family: []named{{"Nguyễn", "Nguyen"}, {"Trần", "Tran"}, {"Đặng", "Dang"}, {"Phạm", "Pham"}},
	},
}

var sites = []struct{ l, native, lang, st, street, phone string }{
	{"Lisbon", "Lisboa", "pt", "Lisboa", "Rua do Exemplo 1", "+351 21"},
	{"Manchester", "Manchester", "en", "Greater Manchester", "22 Specimen Road", "+44 161"},
	{"Munich", "München", "de", "Bayern", "Beispielstraße 3", "+49 89"},
	{"Prague", "Praha", "cs", "Praha", "Ukázková 4", "+420 2"},
	{"Gdańsk", "Gdańsk", "pl", "Pomorskie", "ul. Przykładowa 5", "+48 58"},
	{"Athens", "Αθήνα", "el", "Αττική", "Οδός Παραδείγματος 6", "+30 21"},
	{"Reykjavík", "Reykjavík", "is", "Höfuðborgarsvæðið", "Dæmisgata 7", "+354 5"},
	{"Istanbul", "İstanbul", "tr", "İstanbul", "Örnek Sokak 8", "+90 212"},
	{"Tel Aviv", "תל אביב", "he", "Tel Aviv", "רחוב הדוגמה 9", "+972 3"},
	{"Pune", "पुणे", "hi", "Maharashtra", "10 Namuna Marg", "+91 20"},
	{"Osaka", "大阪", "ja", "大阪府", "見本町11番", "+81 6"},
	{"Hanoi", "Hà Nội", "vi", "Hà Nội", "12 phố Ví Dụ", "+84 24"},
}

var units = []struct {
	name, does, category string
	jobs                 []string
}{
	{"Management", "Decides what nobody else wants to decide", "administration", []string{"Executive Assistant", "Chief of Staff", "Programme Manager"}},
	{"Engineering", "Builds things & keeps them running", "technology", []string{"Software Engineer", "Systems Engineer", "Test Engineer", "Technical Writer"}},
	{"Research and Development", "Finds out what could be built", "technology", []string{"Research Scientist", "Lab Technician", "Data Analyst"}},
	{"Sales, EMEA", "Sells in Europe, the Middle East and Africa", "sales", []string{"Account Manager", "Sales Representative"}},
	{"Sales, Asia/Pacific", "Sells where the day begins", "sales", []string{"Account Manager", "Sales Representative"}},
	{"Customer Service", "Answers; \"24/7\" <or so>", "service", []string{"Support Agent", "Service Coordinator"}},
	{"Finance", "Counts", "administration", []string{"Accountant", "Controller", "Payroll Clerk"}},
	{"Human Resources", "Finds people and looks after them", "administration", []string{"Recruiter", "Training Coordinator"}},
	{"Legal", "Reads what others sign", "administration", []string{"Counsel", "Paralegal"}},
	{"Logistics", "Moves things", "operations", []string{"Warehouse Clerk", "Dispatcher", "Driver"}},
	{"Manufacturing", "Makes things", "operations", []string{"Machinist", "Quality Inspector", "Production Planner"}},
	{"Information Systems", "Runs this directory", "technology", []string{"Administrator", "Network Engineer", "Database Administrator"}},
}

var (
	grades      = []string{"Junior", "Senior", "Lead", "Deputy", "Principal", "Trainee"}
	employments = []string{"permanent", "permanent", "permanent", "temporary", "contractor", "trainee"}

	// Some of these are here for the sake of whoever has to carry them through
	// XML, LDIF or a filter.
	descriptions = []string{
		"Works from home on Fridays",
		"Speaks <three> languages & reads \"four\"",
		" begins and ends with a space ",
		"First line\nsecond line",
		"Prefers to be called \u201cAce\u201d \u2013 nobody knows why",
		"100 % (really) * \\ backslash",
		"Beekeeper \U0001F41D and choir member \U0001F3B6",
		": begins with a colon",
		"]]> ends a CDATA section",
		"tab\there, and two  spaces",
	}
)
