"""Names by kind: each may stand in another's place in a sentence, and says something false there.

No list holds a name beside another that means the same or includes it, but for what `SAME` says.
"""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", " ").split(",") if name.strip())


DRUGS = _names("""aspirin, ibuprofen, paracetamol, diclofenac, celecoxib, metformin, glibenclamide, pioglitazone,
rosiglitazone, sitagliptin, liraglutide, exenatide, rituximab, belimumab, infliximab, adalimumab, etanercept,
tocilizumab, anakinra, abatacept, methotrexate, sulfasalazine, leflunomide, prednisone, prednisolone,
methylprednisolone, dexamethasone, hydrocortisone, cyclophosphamide, azathioprine, mycophenolate, hydroxychloroquine,
remdesivir, ribavirin, oseltamivir, zanamivir, amantadine, lopinavir, ritonavir, tenofovir, zidovudine, lamivudine,
efavirenz, nevirapine, raltegravir, amoxicillin, azithromycin, erythromycin, doxycycline, vancomycin, ciprofloxacin,
levofloxacin, gentamicin, rifampicin, isoniazid, artesunate, ivermectin, praziquantel, fluconazole, voriconazole,
acyclovir, ganciclovir, cisplatin, carboplatin, oxaliplatin, paclitaxel, docetaxel, doxorubicin, gemcitabine,
capecitabine, etoposide, irinotecan, temozolomide, tamoxifen, letrozole, anastrozole, trastuzumab, bevacizumab,
cetuximab, nivolumab, pembrolizumab, ipilimumab, atezolizumab, durvalumab, imatinib, dasatinib, gefitinib, erlotinib,
osimertinib, sorafenib, sunitinib, vemurafenib, dabrafenib, ibrutinib, venetoclax, olaparib, palbociclib, everolimus,
rapamycin, tacrolimus, cyclosporine, bortezomib, lenalidomide, thalidomide, daratumumab, warfarin, heparin,
enoxaparin, rivaroxaban, dabigatran, apixaban, clopidogrel, ticagrelor, alteplase, simvastatin, atorvastatin,
rosuvastatin, pravastatin, evolocumab, losartan, valsartan, telmisartan, enalapril, lisinopril, ramipril, captopril,
amlodipine, verapamil, metoprolol, propranolol, carvedilol, atenolol, digoxin, amiodarone, furosemide, spironolactone,
bosentan, sildenafil, haloperidol, clozapine, olanzapine, risperidone, quetiapine, aripiprazole, fluoxetine,
sertraline, citalopram, escitalopram, paroxetine, venlafaxine, bupropion, mirtazapine, lithium, valproate,
carbamazepine, lamotrigine, phenytoin, levetiracetam, topiramate, gabapentin, pregabalin, morphine, fentanyl,
remifentanil, oxycodone, tramadol, methadone, buprenorphine, naloxone, naltrexone, ketamine, propofol, sevoflurane,
isoflurane, midazolam, diazepam, lorazepam, dexmedetomidine, lidocaine, bupivacaine, ropivacaine, memantine,
donepezil, rivastigmine, galantamine, levodopa, pramipexole, riluzole, estradiol, progesterone, testosterone,
raloxifene, alendronate, zoledronate, denosumab, teriparatide, omeprazole, ranitidine, ondansetron, salbutamol,
salmeterol, tiotropium, montelukast, budesonide, fluticasone, omalizumab, mepolizumab, dupilumab, secukinumab,
ustekinumab, tofacitinib, baricitinib, ruxolitinib, fingolimod, natalizumab, ocrelizumab, alemtuzumab, eculizumab,
nusinersen, tranexamic acid, magnesium sulfate, folic acid, vitamin A, vitamin C, vitamin D, vitamin E, vitamin B12,
curcumin, resveratrol, melatonin, caffeine, nicotine, cannabidiol, oxytocin, misoprostol, mifepristone, clomiphene,
finasteride, allopurinol, colchicine, insulin glargine, streptozotocin, decitabine, azacitidine, cytarabine,
milvexian, semaglutide, empagliflozin, dapagliflozin, canagliflozin, botulinum toxin, N-acetylcysteine, selenium,
zinc""")

DISEASES = _names("""asthma, tuberculosis, malaria, leprosy, pneumonia, sepsis, type 1 diabetes mellitus, type 2
diabetes mellitus, type 1 diabetes, type 2 diabetes, gestational diabetes, diabetes mellitus, diabetes, hypertension,
obesity, ischemic stroke, stroke, heart failure, myocardial infarction, atrial fibrillation, atherosclerosis, coronary
artery disease, epilepsy, schizophrenia, bipolar disorder, autism, Alzheimer's disease, Alzheimer disease, Parkinson's
disease, Parkinson disease, Huntington's disease, multiple sclerosis, amyotrophic lateral sclerosis, spinal muscular
atrophy, Duchenne muscular dystrophy, systemic lupus erythematosus, lupus nephritis, rheumatoid arthritis,
osteoarthritis, psoriatic arthritis, ankylosing spondylitis, psoriasis, vitiligo, Crohn's disease, ulcerative colitis,
celiac disease, cystic fibrosis, sickle cell disease, hemophilia, thalassemia, acute myeloid leukemia, acute
lymphoblastic leukemia, chronic myeloid leukemia, chronic lymphocytic leukemia, Hodgkin lymphoma, diffuse large B-cell
lymphoma, multiple myeloma, melanoma, breast cancer, lung cancer, non-small cell lung cancer, small cell lung cancer,
prostate cancer, colorectal cancer, colon cancer, pancreatic cancer, ovarian cancer, gastric cancer, bladder cancer,
cervical cancer, thyroid cancer, esophageal cancer, endometrial cancer, glioblastoma, glioma, hepatocellular
carcinoma, renal cell carcinoma, neuroblastoma, osteosarcoma, hepatitis A, hepatitis B, hepatitis C, hepatitis E,
measles, cholera, rabies, smallpox, polio, myasthenia gravis, systemic sclerosis, osteoporosis, gout, anemia,
preeclampsia, endometriosis, polycystic ovary syndrome, migraine, glaucoma, age-related macular degeneration, diabetic
retinopathy, cirrhosis, pancreatitis, appendicitis, chronic kidney disease, acute kidney injury, COVID-19, chronic
obstructive pulmonary disease, idiopathic pulmonary fibrosis, pulmonary hypertension, deep vein thrombosis, Down
syndrome, Marfan syndrome, Rett syndrome, fragile X syndrome, Turner syndrome, phenylketonuria, post-traumatic stress
disorder, attention deficit hyperactivity disorder, obsessive-compulsive disorder, insomnia, narcolepsy, fibromyalgia,
eczema, atopic dermatitis, acne, periodontitis, sarcoidosis, meningitis, encephalitis, bronchiolitis, bronchitis,
otitis media, diarrhea, antisynthetase syndrome, Guillain-Barré syndrome, Sjögren's syndrome, Behçet's disease,
Kawasaki disease, Gaucher disease, Fabry disease, Wilson disease, Lyme disease, Chagas disease, leishmaniasis,
schistosomiasis, syphilis, gonorrhea, chlamydia, traumatic brain injury, spinal cord injury, hyperthyroidism,
hypothyroidism""")

VIRUSES = _names("""influenza A virus, influenza B virus, SARS-CoV-2, SARS-CoV, MERS-CoV, HIV-1, HIV-2, Ebola virus,
Zika virus, dengue virus, hepatitis B virus, hepatitis C virus, Epstein-Barr virus, cytomegalovirus, herpes simplex
virus, rhinovirus, adenovirus, respiratory syncytial virus, West Nile virus, measles virus, poliovirus, rotavirus,
norovirus, human papillomavirus, yellow fever virus, Nipah virus, Hendra virus, chikungunya virus, metapneumovirus,
bocavirus, parainfluenza virus, vaccinia virus, enterovirus 71""")

OTHER_MICROBES = _names("""Escherichia coli, E. coli, Staphylococcus aureus, S. aureus,
Mycobacterium tuberculosis, Plasmodium falciparum, Streptococcus pneumoniae, Pseudomonas aeruginosa, Klebsiella
pneumoniae, Helicobacter pylori, Salmonella, Listeria, Legionella, Candida albicans, Aspergillus fumigatus, Toxoplasma
gondii, Clostridium difficile, Haemophilus influenzae, Neisseria meningitidis, Chlamydia trachomatis, Trypanosoma cruzi,
Saccharomyces cerevisiae, Caenorhabditis elegans, C. elegans, Drosophila, zebrafish, Arabidopsis""")

GENES = _names("""TP53, BRCA1, BRCA2, EGFR, HER2, KRAS, BRAF, MYC, PTEN, AKT1, STAT1, STAT3, STAT5, NF-κB, TNF-α, TNFα,
IFN-α, IFN-γ, IFN-β, TGF-β, VEGF, TLR2, TLR3, TLR4, TLR9, CCR5, CCR7, CXCR3, CXCR4, PD-1, PD-L1, CTLA-4, FOXP3, Foxp3,
RORγt, GATA3, T-bet, BCL2, BCL6, BDNF, APOE, ACE2, TMPRSS2, leptin, adiponectin, albumin, fibrinogen, fibronectin,
C-reactive protein, β-catenin, E-cadherin, N-cadherin, AMPK, SIRT1, SIRT6, HIF-1α, Nrf2, PPARγ, PPARα, ERK, JNK, mTORC1,
caspase-1, caspase-3, caspase-8, COX-1, COX-2, MMP-2, MMP-9, S100A9, α-synuclein, huntingtin, dystrophin, CFTR, PCSK9,
FTO, SOD1, TDP-43, LRRK2, Parkin, PINK1, p21, p27, p38, p53, DNMT1, DNMT3A, TET2, EZH2, NLRP3, AIM2, STING, MAVS, RIG-I,
MDA5, IRF3, IRF7, MyD88, CRP, troponin, ferritin, GFAP, DC-SIGN, DC-SIGNR, PKR, RNase L, MBL, Mx1, BCMA, NOTCH1, ALK,
ROS1, SMAD3, SMAD4, JAK1, JAK2, FLT3, IDH1, NPM1, GLUT4, UCP1, MEF2C, procalcitonin, osteopontin, osteocalcin, ghrelin,
cortisol, prolactin, erythropoietin, thrombin, plasmin, collagen, elastin, keratin, vimentin, actin, tubulin, myosin""")

CELLS = _names("""T cells, B cells, NK cells, macrophages, neutrophils, monocytes, dendritic cells, mast cells,
eosinophils, basophils, fibroblasts, astrocytes, oligodendrocytes, microglia, neurons, hepatocytes, keratinocytes,
cardiomyocytes, adipocytes, osteoblasts, osteoclasts, chondrocytes, platelets, erythrocytes, endothelial cells,
epithelial cells, smooth muscle cells, stem cells, plasma cells""")

TISSUES = _names("""liver, kidney, lung, heart, brain, spleen, pancreas, skin, colon, stomach, bone marrow, thymus,
hippocampus, cerebellum, hypothalamus, retina, placenta, prostate, ovary, bladder, esophagus, cornea, adipose tissue,
skeletal muscle, lymph nodes, spinal cord, amygdala, prefrontal cortex, small intestine, aorta""")

ANIMALS = _names("""mice, rats, rabbits, pigs, dogs, cats, monkeys, ferrets, hamsters, guinea pigs, chickens, horses,
cattle, bats, camels, sheep, mosquitoes""")

SHORT_DISEASES = _names("""SLE, RA, MS, AD, PD, ALS, COPD, CKD, AML, CML, CLL, NSCLC, SCLC, HCC, IBD, PTSD, ADHD, OCD,
T2DM, T1D, T2D, CAD, ARDS, IPF, PCOS, GERD, SARS, MERS, AKI, DVT, DMD, SMA, AMD, DLBCL, PAH, SSc, HD""")
SHORT_MICROBES = _names(
    "RSV, CMV, EBV, HPV, HBV, HCV, HSV, HIV, MERS-CoV, SARS-CoV, hMPV, HBoV, HRV, MRSA, EV71, VZV, DENV, ZIKV"
)
SHORT_METHODS = _names("MRI, CT, PET, EEG, ECG, ELISA, RT-PCR, PCR, LAMP, FACS, NMR, MALDI-TOF")
SHORT_MOLECULES = _names(
    "LDL, HDL, LPS, ATP, ROS, CRP, GABA, NADPH, PGE2, cAMP, CSF, GM-CSF, EPO, TSH, FSH, ACTH, LH, PTH"
)

KINDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "drug": (DRUGS,),
    "disease": (DISEASES,),
    "gene or protein": (GENES,),
    "organism, cell or tissue": (VIRUSES, OTHER_MICROBES, CELLS, TISSUES, ANIMALS),
    "abbreviation": (SHORT_DISEASES, SHORT_MICROBES, SHORT_METHODS, SHORT_MOLECULES),
}
"""Lists by the variant they are reported as; names are swapped within a list only."""

WIDE = frozenset(
    _names("""diabetes, diabetes mellitus, stroke, obesity, anemia, insomnia, diarrhea, glioma, stem cells, epithelial
cells, encephalitis, bronchitis, pneumonia, meningitis, hypertension, sepsis, COVID-19, AD, PD, MS, RA, HD, SMA, AMD,
LH, CT, PET, ALK, ERK, STING, AIM2, cirrhosis, autism, Parkin, PAH, SSc, collagen, keratin, actin, colon cancer,
Salmonella, plasma cells, PCR, retina, brain, skeletal muscle, coronary artery disease, cattle, neurons""")
)
"""Names that are too wide, or too ambiguous, to be put in another's place: what replaces a name must contradict it."""

SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(one.lower() for one in _names(text))
    for text in (
        "SLE, systemic lupus erythematosus, lupus nephritis, lupus",
        "COVID-19, SARS-CoV-2, SARS, SARS-CoV, ARDS, coronavirus",
        "MERS, MERS-CoV",
        "HIV, HIV-1, HIV-2, AIDS, human immunodeficiency virus",
        "hepatitis B, hepatitis B virus, HBV, hepatocellular carcinoma",
        "hepatitis C, hepatitis C virus, HCV",
        "C-reactive protein, CRP",
        "TP53, p53",
        "EPO, erythropoietin",
        "RSV, respiratory syncytial virus, bronchiolitis",
        "EV71, enterovirus 71",
        "prednisone, prednisolone, methylprednisolone, steroids, corticosteroids, glucocorticoids",
        "citalopram, escitalopram",
        "heparin, enoxaparin",
        "paracetamol, acetaminophen",
        "TNFα, TNF-α",
        "FOXP3, Foxp3",
        "Drosophila, mosquitoes",
        "lung cancer, NSCLC, SCLC, non-small cell lung cancer, small cell lung cancer",
        "heart, cardiomyocytes",
        "liver, hepatocytes",
        "PCR, RT-PCR, LAMP",
        "DC-SIGN, DC-SIGNR",
        "monocytes, macrophages",
        "ischemic stroke, stroke",
        "hypertension, pulmonary hypertension",
        "chlamydia, Chlamydia trachomatis",
        "HD, Huntington's disease",
        "AD, Alzheimer's disease, Alzheimer disease, dementia",
        "PD, Parkinson's disease, Parkinson disease",
    )
)

WOMEN_AND_MEN = {"women": "men", "men": "women", "boys": "girls", "girls": "boys", "male": "female", "female": "male",
                 "males": "females", "females": "males", "children": "adults", "adults": "children",
                 "mothers": "fathers",
                 "infants": "elderly people", "adolescents": "elderly people", "smokers": "non-smokers",
                 "maternal": "paternal", "Adults": "Children", "Children": "Adults", "Women": "Men",
                 "Men": "Women"}  # fmt: skip
COUNTRIES = _names("""China, India, Japan, Vietnam, Thailand, Indonesia, Pakistan, Iran, Egypt, Nigeria, Kenya,
Uganda, South Africa, Zimbabwe, Brazil, Mexico, Canada, Australia, Germany, France, Italy, Spain, Sweden, Denmark,
Norway, Finland, Poland, Taiwan, Saudi Arabia, Turkey, Bangladesh, South Korea, Peru""")
CITIES = _names(
    "Toronto, Beijing, Wuhan, Shanghai, London, Paris, Tokyo, Delhi, Geneva, Sydney, Boston, Chicago, Berlin"
)
