"""Given names that are seldom anything else: data for the rule that finds a bare name.

Names that are also words, places or months (``Mark``, ``Will``, ``Florence``, ``June``)
are left out: a wrong name costs more than a missed one.
"""

from __future__ import annotations

__all__ = ["GIVEN_NAMES", "GIVEN_NAMES_ZH"]

_GIVEN_NAMES = """
Aaron Abdul Abdullah Abigail Ada Adam Adele Adrian Adriana Agnes Agnieszka Ahmad Ahmed Aiden Aisha Akiko Akira
Alan Albert Alejandro Aleksandar Alessandra Alessandro Alessia Alex Alexander Alexandra Alexei Alexis Alfred
Ali Alice Alicia Alina Alison Alistair Allison Alvaro Amanda Amara Amelia Amina Amir Amit Amy Ana Anastasia
Anders Andre Andrea Andreas Andrei Andrew Andrzej Angela Angelina Anika Anita Anja Anjali Anna Annabelle Anne
Annika Anthony Antoine Anton Antonia Antonio Anwar Arjun Arthur Arun Arturo Astrid Audrey Ayesha Ayumi Barbara
Bartosz Beatrice Beatriz Ben Benjamin Bernard Bernardo Beth Bianca Birgit Bjorn Brandon Brenda Brendan Brian
Bridget Bruno Bryan Caitlin Callum Cameron Camila Camille Carla Carlos Carmen Caroline Catarina Catherine
Cathy Cecilia Cedric Celine Cesar Charles Chiara Chloe Chris Christina Christine Christoph Christopher
Chukwuemeka Cindy Claire Clara Claudia Clemence Colette Colin Connor Conor Craig Cristina Cynthia Daisuke
Damian Damien Dan Dana Daniel Daniela Danielle Danny Daphne Dario Darren Dave David Dawid Deborah Declan
Deepak Deepika Delphine Denise Dennis Derek Devon Diana Diego Dieter Dimitri Dmitri Dmitry Dominic Dominik
Dominique Donna Dorothy Dylan Eamon Eduardo Edward Edwin Eileen Ekaterina Elaine Eleanor Elena Eleni Elias
Elif Elijah Elisa Elisabeth Eliza Elizabeth Ella Ellen Elliot Elsa Emeka Emil Emilia Emilio Emily Emma
Emmanuel Emre Enrico Enrique Eric Erica Erik Erika Erin Ernesto Esteban Esther Ethan Eugene Eun-ji Eva Evan
Evelyn Fabian Fabio Farah Farid Fatima Fatoumata Federica Federico Felipe Felix Ferdinand Fernanda Fernando
Filip Fiona Florian Francesca Francesco Francisco Franz Freya Frida Friedrich Gabriel Gabriela Gabriele Gareth
Gavin Genevieve Geoffrey George Gerald Gerard Gianni Giorgio Giovanni Giulia Giuseppe Gloria Gonzalo Grzegorz
Guillaume Guillermo Gustav Gustavo Gwen Hamza Hana Hanna Hannah Hannes Hans Haruka Hassan Heather Hector Heidi
Heinrich Helen Helena Helga Henrik Henry Herman Hiroshi Holger Hugo Hussein Ian Ibrahim Ida Igor Ilse Imran
Ines Inga Ingrid Irene Irina Isaac Isabel Isabella Isabelle Ishaan Ivan Ivana Ivy Jacek Jackie Jacob
Jacqueline Jakob Jakub James Jamie Jana Jane Janet Janice Jared Jaroslav Jasmine Jason Javier Jayden Jeff
Jeffrey Jelena Jenna Jennifer Jenny Jens Jeremy Jerome Jerry Jesper Jessica Ji-eun Ji-hoon Ji-woo Jiho Jill
Jim Joachim Joan Joana Joanna Joao Joaquin Joe Joel Johan Johann Johanna Johannes John Jonas Jonathan Jordi
Jorge Jose Josef Joseph Josephine Joshua Joyce Juan Juana Judith Julia Julian Juliana Julie Juliet Julio
Julius Jurgen Justin Justine Kaito Kamal Kamila Karen Karim Karin Karina Karl Karolina Kasia Katarina
Katarzyna Kate Katerina Katherine Kathleen Kathryn Kathy Katie Katrin Katya Kavita Kayla Keiko Keith Kelly
Kenji Kenneth Kenta Kevin Khadija Khalid Kieran Kirsten Klaus Konrad Krishna Kristen Kristina Krzysztof Kunal
Kwame Kyle Kylie Lars Laura Lauren Laurent Lea Leah Leila Lena Leo Leon Leonard Leonardo Leonie Leopold Leslie
Leticia Liam Lily Linda Lindsay Lisa Logan Lorenzo Louis Louisa Louise Luca Lucas Lucia Luciana Lucie Lucy
Ludmila Luis Luisa Lukas Luke Lydia Magda Magdalena Magnus Mahmoud Maja Malik Manuel Manuela Marc Marcel
Marcela Marcelo Marcin Marco Marcus Margaret Margarita Margot Maria Mariam Mariana Marie Marika Marina Mario
Marisol Marissa Marius Marjorie Markus Marlene Marta Martha Martin Martina Mary Maryam Mateo Mateusz Mathilde
Matilda Matteo Matthew Matthias Maureen Maurice Mauricio Maxime Maximilian Maya Megan Mehdi Mehmet Melanie
Melissa Mia Michael Michaela Michal Michel Michele Michelle Miguel Mikael Mike Mikhail Mila Milena Minh
Miranda Miriam Mohamed Mohammad Mohammed Moira Molly Monica Monika Monique Morgane Morten Muhammad Mustafa
Nadia Nadine Naomi Natalia Natalie Natasha Nathalie Nathan Nathaniel Neha Neil Ngozi Nicholas Nick Nicola
Nicole Nicolas Niels Nigel Niko Nikolai Nikos Nils Nina Noah Noelle Noemi Nora Norman Odile Olaf Oleg Olena
Olga Oliver Olivia Olivier Omar Oscar Oskar Otto Pablo Pamela Paola Paolo Patricia Patricio Patrick Paul Paula
Paulina Pavel Pawel Pedro Penelope Peter Petra Philip Philippe Phillip Pierre Pieter Piotr Pooja Prakash
Pranav Priya Quentin Rachel Rachid Rafael Rahul Raj Rajesh Ralph Ramon Raphael Raquel Rashid Ravi Raymond
Rebecca Renata Renee Ricardo Riccardo Richard Rita Robert Roberta Roberto Robin Rodrigo Roger Rohan Roland
Ronald Rosa Rosalind Rosie Roxana Ruben Rudolf Rupert Russell Ruth Ryan Sabine Sabrina Sakura Salma Salvatore
Sam Samantha Samir Samira Samuel Sandra Sandrine Sanjay Santiago Sara Sarah Sasha Satoshi Scott Sean Sebastian
Selma Sergei Sergio Shannon Sharon Sheila Shreya Siddharth Sigrid Silvia Simon Simona Simone Sofia Sofie
Soledad Solveig Sonia Sonja Sophia Sophie Soren Stacy Stefan Stefania Stefano Stella Stephan Stephanie Stephen
Steve Steven Stuart Sunita Suresh Susan Susana Susanne Suzanne Sven Svetlana Sylvia Sylvie Tamara Tanja Tanya
Tara Tariq Tatiana Teresa Theo Theodore Theresa Therese Thomas Tiago Tim Timothy Tobias Todd Tom Tomas Tomasz
Tommy Tony Tracy Ulrich Ulrike Umar Ursula Valentina Valeria Valerie Vanessa Vera Veronica Veronika Vicente
Vijay Viktor Viktoria Vincent Violeta Vikram Vivian Viviana Vladimir Walter Wanda Wendy Werner Wilhelm William
Wojciech Wolfgang Xavier Ximena Yara Yasmin Yasmine Yohan Yolanda Yuki Yuri Yusuf Yvonne Zachary Zainab Zara
Zeynep Zoe Zofia Zuzana
"""
GIVEN_NAMES = tuple(_GIVEN_NAMES.split())

_GIVEN_NAMES_ZH = """
艾伦 亚伦 马克 保罗 彼得 约翰 汤姆 杰克 迈克 迈克尔 安娜 玛丽 玛丽亚 玛利亚 露西 艾米 艾米丽
艾米莉 丽莎 琳达 珍妮 詹姆斯 威廉 亨利 查理 乔治 托马斯 丹尼尔 大卫 戴维 本杰明 卢卡斯 马里奥
马可 马尔科 索菲 索菲亚 索菲娅 伊莎贝拉 伊莎贝尔 埃琳娜 叶莲娜 娜塔莎 娜塔莉 娜塔莉亚 凯特 凯瑟琳
苏珊 海伦 露丝 瑞秋 丽贝卡 劳拉 朱莉 朱莉亚 茱莉亚 尼克 内森 奥利弗 奥利维亚 艾玛 米娅 克莱尔
夏洛特 罗伯特 理查德 史蒂夫 史蒂文 斯蒂芬 安德鲁 安德烈 安德烈亚 亚历山德罗 亚历克斯 塞巴斯蒂安 胡安
卡洛斯 何塞 路易斯 米格尔 迭戈 卡米拉 瓦莱里娅 萨拉 莎拉 汉娜 蕾切尔 梅根 杰西卡 詹妮弗 斯蒂芬妮
米歇尔 克里斯 克里斯蒂娜 凯文 布莱恩 埃里克 贾斯汀 瑞恩 泰勒 伊森 利亚姆 诺亚 伊万 伊戈尔 谢尔盖
弗拉基米尔 阿列克谢 阿琼 普里娅 拉吉 穆罕默德 阿卜杜拉 哈桑 法蒂玛 莱拉 优素福 健太 美咲 樱子 秀英
敏俊 埃莱娜 卡塔琳娜 玛格丽特 弗朗西斯科 朱塞佩 洛伦佐 马泰奥 费德里科 汉斯 克劳斯 沃尔夫冈 英格丽德
艾琳 艾莉森 妮可 温迪 特蕾莎 薇薇安
"""
GIVEN_NAMES_ZH = tuple(_GIVEN_NAMES_ZH.split())
