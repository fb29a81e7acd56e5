# To draw it again: gnuplot length-test.gp
set encoding utf8
set datafile separator "\t"
set datafile commentschars ""
set datafile missing "NaN"
set border 3 linewidth 0.8 linecolor '#555555'
set tics nomirror out scale 0.6 textcolor '#333333'
set grid ytics linewidth 0.5 linetype 1 linecolor '#dddddd'
set key noenhanced outside top center horizontal samplen 2 textcolor '#222222'
set xlabel 'source length (words)' noenhanced textcolor '#333333'
set ylabel 'BLEU' noenhanced textcolor '#333333'
set rmargin 4
set xrange [3.79697:18.7269]
set yrange [0:*<100]
set terminal svg size 640,400 font 'sans-serif,15' noenhanced background '#ffffff'
set output 'length-test.svg'
plot 'length-test.dat' index 0 using 1:2:3:4 skip 1 with yerrorbars pointtype 0 linewidth 0.8 dashtype 1 linecolor '#333333' notitle, \
     'length-test.dat' index 0 using 1:2 with linespoints linewidth 2 dashtype 1 pointtype 5 pointsize 0.6 linecolor '#333333' title columnheader(2), \
     'length-test.dat' index 1 using 1:2:3:4 skip 1 with yerrorbars pointtype 0 linewidth 0.8 dashtype 1 linecolor '#0072b2' notitle, \
     'length-test.dat' index 1 using 1:2 with linespoints linewidth 2 dashtype '_' pointtype 7 pointsize 0.6 linecolor '#0072b2' title columnheader(2), \
     'length-test.dat' index 2 using 1:2:3:4 skip 1 with yerrorbars pointtype 0 linewidth 0.8 dashtype 1 linecolor '#d55e00' notitle, \
     'length-test.dat' index 2 using 1:2 with linespoints linewidth 2 dashtype '-.' pointtype 9 pointsize 0.6 linecolor '#d55e00' title columnheader(2), \
     'length-test.dat' index 3 using 1:2:3:4 skip 1 with yerrorbars pointtype 0 linewidth 0.8 dashtype 1 linecolor '#009e73' notitle, \
     'length-test.dat' index 3 using 1:2 with linespoints linewidth 2 dashtype '.' pointtype 13 pointsize 0.6 linecolor '#009e73' title columnheader(2)
set terminal pdfcairo size 5in,3.125in font 'sans-serif,11' noenhanced
set output 'length-test.pdf'
replot
unset output
