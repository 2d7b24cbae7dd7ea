/* Invented people and streets. */
#include "names.h"

#include <stdio.h>

#define COUNT(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

static const char *const old_women[] = {"Agnes", "Betty",    "Catherine", "Chrissie", "Cathie", "Effie",  "Elspeth",
                                        "Flora", "Greta",    "Helen",     "Ina",      "Isobel", "Jean",   "Jessie",
                                        "Lena",  "Margaret", "May",       "Mina",     "Morag",  "Nan",    "Netta",
                                        "Peggy", "Rena",     "Rhona",     "Sadie",    "Senga",  "Sheena", "Wilma"};
static const char *const old_men[] = {"Alasdair", "Alec",   "Archie", "Bert",   "Bill", "Davie", "Dougal",
                                      "Duncan",   "Fergus", "George", "Hamish", "Hugh", "Jock",  "Ken",
                                      "Murdo",    "Norrie", "Rab",    "Sandy",  "Tam",  "Wullie"};
static const char *const young_women[] = {"Aileen", "Amy",   "Beata", "Carly",  "Donna",  "Eilidh", "Fatima",
                                          "Fiona",  "Gemma", "Iona",  "Jade",   "Kasia",  "Kirsty", "Laura",
                                          "Lesley", "Lynn",  "Mairi", "Nicola", "Priya",  "Ruth",   "Shona",
                                          "Skye",   "Tracy", "Zofia", "Ana",    "Bridget"};
static const char *const young_men[] = {"Andrew", "Callum", "Craig", "Ewan", "Finlay", "Grant",
                                        "Imran",  "Jamie",  "Kofi",  "Liam", "Marek",  "Ross"};
static const char *const fronts[] = {"Thistle",  "Heather", "Bracken", "Rowan", "Larch", "Curlew", "Lapwing", "Peat",
                                     "Harebell", "Juniper", "Sorrel",  "Alder", "Hazel", "Plover", "Bramble", "Mallow"};
static const char *const backs[] = {"quill", "mere", "stow",  "wick", "garth", "thwaite", "low",  "combe",
                                    "dyke",  "shaw", "brigg", "pool", "holt",  "side",    "beck", "fold"};
static const char *const kinds[] = {"Row", "Gardens", "Crescent", "Terrace", "Place", "Avenue", "Drive", "Loan"};

static const char *first_name(gen_rng *rng, bool is_woman, bool is_old)
{
    if (is_old)
        return is_woman ? old_women[gen_rng_below(rng, COUNT(old_women))] : old_men[gen_rng_below(rng, COUNT(old_men))];
    return is_woman ? young_women[gen_rng_below(rng, COUNT(young_women))]
                    : young_men[gen_rng_below(rng, COUNT(young_men))];
}

/* 16 x 16 words; 37 and 256 have no common factor, so n and n + 1 look nothing alike and none comes twice in 256. */
static int32_t spread(int32_t n)
{
    return n * 37 % (COUNT(fronts) * COUNT(backs));
}

void gen_name_person(gen_rng *rng, int32_t n, bool is_woman, bool is_old, char *ret_name, size_t size)
{
    int32_t s = spread(n);
    snprintf(ret_name, size, "%s %s%s", first_name(rng, is_woman, is_old), fronts[s / COUNT(backs)],
             backs[s % COUNT(backs)]);
}

void gen_name_street(int32_t n, char *ret_name, size_t size)
{
    int32_t s = spread(n + 11);
    snprintf(ret_name, size, "%s%s %s", fronts[s / COUNT(backs)], backs[s % COUNT(backs)], kinds[n % COUNT(kinds)]);
}
